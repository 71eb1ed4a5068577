import { z } from 'zod';
import { StageFailure, type InputArtifact, type Table } from '../../runner/kind/index.ts';
import { readSkipped, withoutClips, type LeftOutClip } from './left-out.ts';
import { gatherSequences, joinSequences } from './sequences.ts';

/** The parts of a fold, in the order in which they are reported. */
export const parts = ['train', 'validation', 'test'] as const;
export type Part = (typeof parts)[number];

/** Row indices of a dataset by part. `validation` is `test` itself where the protocol says so. */
export interface Fold extends Readonly<Record<Part, Int32Array>> {
  /** From 0. */
  readonly index: number;
  readonly name: string;
  /** Augmented versions of clips of `train`, and of no others: to be fitted on, never to be reported. */
  readonly augmented: Int32Array;
}

/**
 * Features, labels and folds joined by clip; rows are sorted by id. Behind the clips' rows lie those of augmented
 * versions of them, if there are any, with the id, label and speaker of their clip.
 */
export interface Dataset {
  readonly ids: readonly string[];
  /** How many rows are clips as they were recorded: those from here on are augmented. */
  readonly clips: number;
  /** Rows × dimension, row-major; of sequences of unequal length, all steps × dimension. */
  readonly features: Float32Array;
  /** Values a row: product(shape); of sequences of unequal length, values a step. */
  readonly dimension: number;
  /**
   * Of one row: `[dimension]` for vectors, `[steps, channels]` for sequences of one length, `[-1, channels]` for those
   * of unequal length.
   */
  readonly shape: readonly number[];
  /** Of sequences of unequal length: row `i` spans steps `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets?: Int32Array;
  /** A row's place in `emotions`. */
  readonly labels: Int32Array;
  readonly emotions: readonly string[];
  readonly speakers: readonly string[];
  /** The instance that made the features, e.g. `mfcc`. */
  readonly featuresName: string;
  readonly folds: readonly Fold[];
  /** `test`: the protocol uses the test part for validation as well. */
  readonly validation: 'own' | 'test';
  /** What readers of results on these features must know, e.g. that an encoder's weights are random. */
  readonly notes: readonly string[];
  /** Clips of the split that are not among the rows, since they were left out by name before. */
  readonly leftOut: readonly LeftOutClip[];
}

/** `split.json`, as the split stage writes it. */
export const splitDescription = z.object({
  kind: z.string(),
  folds: z.int().positive(),
  seed: z.int(),
  validation: z.enum(['own', 'test']),
  emotions: z.array(z.string()).min(2),
  foldNames: z.array(z.string()),
  notes: z.array(z.string()),
  /** What makes figures of this split say less than they seem to. */
  cautions: z.array(z.string()).default([]),
});
export type SplitDescription = z.infer<typeof splitDescription>;

/** Reads `split.json`. Throws StageFailure where the artifact is not one of a split stage. */
export async function readSplitDescription(split: InputArtifact): Promise<SplitDescription> {
  if (!split.files.includes('split.json')) {
    throw new StageFailure('the input `split` has no split.json', {
      place: split.stage,
      hint: 'connect it to a stage whose kind is train/split',
    });
  }
  return splitDescription.parse(await split.json('split.json'));
}

/** What a split says of its clips, without features; rows are sorted by id. */
export type LabelledFolds = Pick<
  Dataset,
  'ids' | 'clips' | 'labels' | 'emotions' | 'speakers' | 'folds' | 'validation'
>;

/** Reads the clips, labels and folds of a split. Throws StageFailure where the artifact is not one of a split stage. */
export async function loadFolds(split: InputArtifact): Promise<LabelledFolds> {
  const description = await readSplitDescription(split);
  const table = await split.table('table');
  const rows = sortedRows(table);
  const speakers = table.text('speaker');
  return {
    ids: Array.from(rows, (row) => table.ids[row]),
    clips: rows.length,
    labels: labelsOf(table, rows, description.emotions, split.stage),
    emotions: description.emotions,
    speakers: Array.from(rows, (row) => speakers[row]),
    folds: foldsOf(table, rows, description),
    validation: description.validation,
  };
}

/**
 * Joins a feature table and a split by clip. Clips that the stages before left out by name are in no part.
 *
 * `augmented` holds features of changed versions of clips under the ids of these. A fold may fit on them where the
 * clip is one of its training part; validation and test are of recordings as they are.
 *
 * Throws StageFailure where the two hold different clips, where `augmented` holds clips or features of another kind,
 * and where the features are neither tensors nor sequences of them.
 */
export async function loadDataset(
  features: InputArtifact,
  split: InputArtifact,
  augmented?: InputArtifact,
): Promise<Dataset> {
  const whole = await loadFolds(split);
  const featureTable = await featuresOnly(features, 'features');
  const leftOut = await leftOutOf(whole, featureTable, features);
  const labelled = withoutClips(whole, new Set(leftOut.map(({ name }) => name)));
  checkSameClips(featureTable.ids, labelled.ids, features.stage, split.stage);
  const dataset: Dataset = {
    ...labelled,
    ...featuresOf(featureTable, sortedRows(featureTable)),
    featuresName: features.stage,
    leftOut,
    notes: features.files.includes('notes.json')
      ? z.array(z.string()).parse(await features.json('notes.json'))
      : [],
  };
  return augmented === undefined ? dataset : withAugmented(dataset, augmented);
}

type Features = Pick<Dataset, 'features' | 'dimension' | 'shape' | 'offsets'>;

/** The features of a table's rows named, in their order. */
function featuresOf(table: Table, rows: Int32Array): Features {
  if (table.columns.features.type === 'tensor') {
    const { shape, data } = table.tensor('features');
    const dimension = sizeOf(shape);
    return { features: gatherRows(data, dimension, rows), dimension, shape };
  }
  const { shape, data, offsets } = table.sequence('features');
  const width = sizeOf(shape);
  const gathered = gatherSequences({ data, width, offsets }, rows);
  // A step that is a bare number is one of a single channel.
  const step = shape.length === 0 ? [1] : shape;
  return { features: gathered.data, offsets: gathered.offsets, dimension: width, shape: [-1, ...step] };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

async function leftOutOf(
  { ids }: LabelledFolds,
  table: Table,
  features: InputArtifact,
): Promise<LeftOutClip[]> {
  const [inSplit, withFeatures] = [new Set(ids), new Set(table.ids)];
  const skipped = await readSkipped(features);
  return skipped.filter(({ name }) => inSplit.has(name) && !withFeatures.has(name));
}

/** The rows that a fold's model is fitted on: its training clips, then their augmented versions. */
export function rowsToFit({ train, augmented }: Pick<Fold, 'train' | 'augmented'>): Int32Array {
  return Int32Array.from([...train, ...augmented]);
}

/** Copies the rows named, in their order, out of a row-major matrix. */
export function gatherRows(data: Float32Array, dimension: number, rows: ArrayLike<number>): Float32Array {
  const gathered = new Float32Array(rows.length * dimension);
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * dimension;
    gathered.set(data.subarray(start, start + dimension), i * dimension);
  }
  return gathered;
}

/** The labels of the rows named, in their order. */
export function gatherLabels(labels: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => labels[row]);
}

async function withAugmented(dataset: Dataset, augmented: InputArtifact): Promise<Dataset> {
  const table = await featuresOnly(augmented, 'augmented');
  const rows = sortedRows(table);
  const changed = featuresOf(table, rows);
  if (changed.shape.join() !== dataset.shape.join()) {
    throw new StageFailure(
      `augmented features of shape ${shapeText(changed.shape)} do not go with features of shape ${shapeText(dataset.shape)}`,
      { place: augmented.stage, hint: 'let the same kind with the same params make both' },
    );
  }
  const rowOf = new Map(dataset.ids.map((id, row) => [id, row]));
  const unknown = table.ids.filter((id) => !rowOf.has(id));
  if (unknown.length > 0) {
    throw new StageFailure(`augmented clips that the split does not have: ${listed(unknown)}`, {
      place: augmented.stage,
      hint: 'let `features`, `augmented` and `split` come from the same ingest stage',
    });
  }
  const originals = Int32Array.from(rows, (row) => rowOf.get(table.ids[row])!);
  return {
    ...dataset,
    ids: [...dataset.ids, ...Array.from(originals, (row) => dataset.ids[row])],
    ...joined(dataset, changed),
    labels: Int32Array.from([...dataset.labels, ...gatherLabels(dataset.labels, originals)]),
    speakers: [...dataset.speakers, ...Array.from(originals, (row) => dataset.speakers[row])],
    folds: dataset.folds.map((fold) => ({ ...fold, augmented: augmentedRows(fold, originals, dataset) })),
    notes: [
      ...dataset.notes,
      `Fitted on ${augmented.stage} as well, in each fold on the versions of its training clips; ` +
        'all figures are of recordings as they are.',
    ],
  };
}

/** Where the clips of `originals` that the fold trains on lie behind the clips. */
function augmentedRows({ train }: Fold, originals: Int32Array, { clips }: Dataset): Int32Array {
  const trained = new Set(train);
  return Int32Array.from(originals.keys())
    .filter((position) => trained.has(originals[position]))
    .map((position) => clips + position);
}

function joined(first: Features, second: Features): Pick<Features, 'features' | 'offsets'> {
  if (first.offsets === undefined || second.offsets === undefined) {
    const features = new Float32Array(first.features.length + second.features.length);
    features.set(first.features);
    features.set(second.features, first.features.length);
    return { features };
  }
  const both = [first, second].flatMap(({ features, offsets = new Int32Array(1), dimension }) =>
    Array.from({ length: offsets.length - 1 }, (_, row) =>
      features.subarray(offsets[row] * dimension, offsets[row + 1] * dimension),
    ),
  );
  const { data, offsets } = joinSequences(both, first.dimension);
  return { features: data, offsets };
}

/** `[steps, 40]` for sequences of unequal length. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.map((size) => (size === -1 ? 'steps' : size)).join(', ')}]`;
}

async function featuresOnly(features: InputArtifact, input: string): Promise<Table> {
  const columns = await features.columns('table');
  if (!Object.hasOwn(columns, 'features')) {
    throw new StageFailure(`the input \`${input}\` has no column \`features\``, {
      place: features.stage,
      hint: 'connect it to a stage whose kind lies in features/',
    });
  }
  if (columns.features.type !== 'tensor' && columns.features.type !== 'sequence') {
    throw new StageFailure(`the column \`features\` holds ${columns.features.type}, not numbers`, {
      place: features.stage,
      hint: 'let it be a tensor, or a sequence of tensors',
    });
  }
  return features.table('table', ['features']);
}

/** The rows of a table in the order of their ids, by code unit: the same on every machine. */
function sortedRows(table: Table): Int32Array {
  const { ids } = table;
  return Int32Array.from(ids.keys()).sort((a, b) => (ids[a] < ids[b] ? -1 : ids[a] > ids[b] ? 1 : 0));
}

function checkSameClips(
  features: readonly string[],
  split: readonly string[],
  featuresName: string,
  splitName: string,
): void {
  const withFeatures = new Set(features);
  const withFold = new Set(split);
  const missing = split.filter((id) => !withFeatures.has(id));
  const surplus = features.filter((id) => !withFold.has(id));
  if (missing.length === 0 && surplus.length === 0) return;
  const complaints = [
    ...(missing.length > 0 ? [`${featuresName} lacks ${listed(missing)}`] : []),
    ...(surplus.length > 0 ? [`${splitName} lacks ${listed(surplus)}`] : []),
  ];
  throw new StageFailure(`features and split hold different clips: ${complaints.join('; ')}`, {
    place: featuresName,
    hint: 'let both come from the same ingest stage',
  });
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 5).join(', ');
  return ids.length > 5 ? `${shown} and ${ids.length - 5} more` : shown;
}

function labelsOf(table: Table, rows: Int32Array, emotions: readonly string[], stage: string): Int32Array {
  const names = table.text('emotion');
  return rows.map((row) => {
    const label = emotions.indexOf(names[row]);
    if (label === -1) {
      throw new StageFailure(
        `${table.ids[row]} has the emotion ${names[row]}, which split.json does not list`,
        {
          place: stage,
        },
      );
    }
    return label;
  });
}

function foldsOf(table: Table, rows: Int32Array, description: SplitDescription): Fold[] {
  return Array.from({ length: description.folds }, (_, index) => {
    const roles = table.text(`fold${index}`);
    const rowsOf = (part: Part) =>
      Int32Array.from(rows.keys()).filter((position) => roles[rows[position]] === part);
    const test = rowsOf('test');
    return {
      index,
      name: description.foldNames[index] ?? `fold ${index}`,
      train: rowsOf('train'),
      augmented: new Int32Array(0),
      validation: description.validation === 'test' ? test : rowsOf('validation'),
      test,
    };
  });
}
