import { openInputArtifact } from '../artifact/index.ts';
import type {
  Columns,
  NewRow,
  PredictFunction,
  Prediction,
  Row,
  RowFunction,
  SourceRow,
} from '../kind/index.ts';
import type { Chain, Link } from './chain.ts';
import { loadPredictor, loadReader, loadRowKind } from './module.ts';

/** A link set up. Its columns are known, so that those behind it can be set up too. */
type Step =
  | { readonly type: 'source'; readonly run: RowFunction<SourceRow> }
  | { readonly type: 'row'; readonly input: string; readonly run: RowFunction<Row> }
  | { readonly type: 'model'; readonly run: PredictFunction };

/** A chain set up in this process: new files in, predictions out. */
export class OpenChain {
  readonly #links: readonly Link[];
  readonly #steps: ReadonlyMap<string, Step>;

  private constructor(links: readonly Link[], steps: ReadonlyMap<string, Step>) {
    this.#links = links;
    this.#steps = steps;
  }

  static async open({ links }: Chain, threads: number): Promise<OpenChain> {
    const steps = new Map<string, Step>();
    for (const link of links) steps.set(link.key, await setUp(link, steps, threads));
    return new OpenChain(links, steps);
  }

  get model(): PredictFunction {
    return (this.#steps.get(this.#links.at(-1)!.key) as Extract<Step, { type: 'model' }>).run;
  }

  /** What the links on the way and the model itself have to say. Models within a model have no say of their own. */
  get notes(): readonly string[] {
    const rows = [...this.#steps.values()].flatMap(({ type, run }) =>
      type === 'model' ? [] : (run.notes ?? []),
    );
    return [...rows, ...this.model.notes];
  }

  /** Takes a file as far as the models need it; of all on the way only that is kept. Throws what a row function throws. */
  async read(file: SourceRow): Promise<ReadRow> {
    const rows = new Map<string, Row>();
    for (const { key, inputs } of this.#links) {
      const step = this.#steps.get(key)!;
      if (step.type === 'source') rows.set(key, { id: file.id, cells: await step.run.run(file) });
      else if (step.type === 'row') {
        const row = rows.get(inputs[step.input][0])!;
        rows.set(key, { id: file.id, cells: await step.run.run(row) });
      }
    }
    const wanted = new Set(
      this.#links.flatMap(({ type, inputs }) => (type === 'model' ? Object.values(inputs).flat() : [])),
    );
    return { id: file.id, rows: new Map([...rows].filter(([key]) => wanted.has(key))) };
  }

  /** One prediction for each file, in their order. */
  async predict(read: readonly ReadRow[]): Promise<readonly Prediction[]> {
    if (read.length === 0) return [];
    const made = new Map<string, readonly Prediction[]>();
    for (const { key, type, inputs } of this.#links) {
      const step = this.#steps.get(key)!;
      if (type !== 'model' || step.type !== 'model') continue;
      const rowOf = (from: string, at: number): Row =>
        read[at].rows.get(from) ?? { id: read[at].id, cells: made.get(from)![at].cells };
      const rows = read.map(({ id }, at): NewRow => {
        const entries = Object.entries(inputs).map(([name, keys]) => [
          name,
          keys.map((from) => rowOf(from, at)),
        ]);
        return { id, inputs: Object.fromEntries(entries) as NewRow['inputs'] };
      });
      made.set(key, await step.run.run(rows));
    }
    return made.get(this.#links.at(-1)!.key)!;
  }

  async close(): Promise<void> {
    for (const { run } of this.#steps.values()) await run.close?.();
  }
}

/** A file on its way: the rows that models need, by the link that made them. */
export interface ReadRow {
  readonly id: string;
  readonly rows: ReadonlyMap<string, Row>;
}

async function setUp(link: Link, steps: ReadonlyMap<string, Step>, threads: number): Promise<Step> {
  const { params, bundle, inputs } = link;
  const columnsOf = (key: string): Columns => steps.get(key)!.run.columns;
  if (link.type === 'source') {
    const reader = await loadReader(bundle);
    return { type: 'source', run: await reader.setup({ params, columns: {}, threads }) };
  }
  if (link.type === 'row') {
    const kind = await loadRowKind(bundle);
    const implementation = await kind.load();
    const columns = columnsOf(inputs[kind.input][0]);
    return { type: 'row', input: kind.input, run: await implementation.setup({ params, columns, threads }) };
  }
  const predictor = await loadPredictor(bundle);
  const run = await predictor.setup({
    params,
    model: openInputArtifact({
      stage: link.stage,
      files: new Map(Object.entries(link.artifact)),
      measurements: {},
    }),
    columns: Object.fromEntries(Object.entries(inputs).map(([name, keys]) => [name, keys.map(columnsOf)])),
    threads,
  });
  return { type: 'model', run };
}
