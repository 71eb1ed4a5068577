import type { Cells, Columns, Row } from './columns.ts';
import type { InputArtifact, RowContext, RowFunction } from './context.ts';
import type { SourceRow } from './kind.ts';

/**
 * How a source reads a file that it has not listed, such as a recording of anybody's: the default export of
 * `predict.ts` beside the kind's `index.ts`. It lies in a module of its own so that it is no part of any key.
 */
export interface NewFileReader<Params = unknown> {
  readonly type: 'reader';
  /** The columns that the source gives, as far as a bare file tells them. `id` of a row is what its file is called. */
  setup(context: RowContext<Params>): RowFunction<SourceRow> | Promise<RowFunction<SourceRow>>;
}

/**
 * How a stage that has learnt something applies it to new rows: the default export of `predict.ts` beside the
 * kind's `index.ts`.
 */
export interface Predictor<Params = unknown> {
  readonly type: 'predictor';
  /** The inputs that new rows come by; whatever else the stage took in is not needed any more. */
  readonly inputs: readonly string[];
  setup(context: PredictorContext<Params>): Promise<PredictFunction>;
  /** The text of a model card, in Markdown. */
  card(context: ModelCardContext): Promise<string>;
}

export interface PredictorContext<Params> {
  readonly params: Params;
  /** What the stage made when it ran. */
  readonly model: InputArtifact;
  /** The columns of the rows to come: by input, one for each artifact that it took in. */
  readonly columns: Readonly<Record<string, readonly Columns[]>>;
  readonly threads: number;
}

/** What a stage that has learnt something makes of new rows. */
export interface PredictFunction {
  /** What is predicted, in one word, e.g. `emotion`. */
  readonly target: string;
  readonly labels: readonly string[];
  /** The columns of what another predictor gets where it takes this one in. */
  readonly columns: Columns;
  /** What a reader of the predictions must know, e.g. that they are means over several models. */
  readonly notes: readonly string[];
  /** All rows at once: one prediction for each, in their order. */
  run(rows: readonly NewRow[]): Promise<readonly Prediction[]>;
  close?(): void | Promise<void>;
}

/** What has become of one new file on its way to a predictor. */
export interface NewRow {
  readonly id: string;
  /** By input, one for each artifact that the stage took in. */
  readonly inputs: Readonly<Record<string, readonly Row[]>>;
}

export interface Prediction {
  /** One a label, of sum 1. */
  readonly probabilities: ArrayLike<number>;
  /** For predictors that take this one in. */
  readonly cells: Cells;
  /** What there is to know beside, as JSON: shown with `--json`. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A stage that had a part in a model. */
export interface Ancestor {
  readonly stage: string;
  readonly kind: string;
  readonly key: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Versions of the npm packages its code imports. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface ModelCardContext {
  readonly model: InputArtifact;
  /** What the stage took in when it ran. */
  readonly inputs: Readonly<Record<string, readonly InputArtifact[]>>;
  /** Every stage behind the model, sources first, the model itself last. */
  readonly ancestors: readonly Ancestor[];
}
