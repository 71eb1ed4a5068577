import { gatherLabels, gatherRows } from '../dataset.ts';
import { gatherSequences, lengthsOf } from '../sequences.ts';
import { bucketedBatches, paddedSteps, shuffledBatches } from './batch-order.ts';
import { betaVariate, deriveSeed, randomStream, shuffle } from './random.ts';
import type { Batch } from './trainer.ts';

/** The rows a network is trained or judged on. */
export interface Examples {
  readonly rows: number;
  /** Rows × values of a row, row-major; of sequences of unequal length all steps, one row's behind the other's. */
  readonly inputs: Float32Array;
  /** Of sequences of unequal length: row `i` spans steps `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets?: Int32Array;
  readonly labels: Int32Array;
}

export interface BatchOptions {
  readonly classes: number;
  readonly batchSize: number;
  /** One a class. */
  readonly classWeights: Float32Array;
  readonly labelSmoothing: number;
  /** α of the Beta distribution; 0: rows are not mixed. */
  readonly mixup: number;
  readonly seed: number;
}

/** What the streams of random numbers are for; each has its own, so that one option does not move another's. */
const purposes = { order: 1, mixup: 2 } as const;

/**
 * The batches of one epoch, its rows in an order that depends on seed and epoch alone: a training can go on at
 * any epoch. Sequences of unequal length come in batches of like length.
 */
export function* epochBatches(examples: Examples, epoch: number, options: BatchOptions): Generator<Batch> {
  const random = randomStream(options.seed, purposes.order, epoch);
  const { offsets } = examples;
  const batches =
    offsets === undefined
      ? shuffledBatches(examples.rows, options.batchSize, random)
      : bucketedBatches(offsets, options.batchSize, random);
  let start = 0;
  for (const rows of batches) {
    const labels = gatherLabels(examples.labels, rows);
    const batch: Batch = {
      rows: rows.length,
      ...inputsOf(examples, rows),
      targets: smoothedTargets(labels, options),
      weights: Float32Array.from(labels, (label) => options.classWeights[label]),
    };
    yield options.mixup === 0 ? batch : mixed(batch, options, deriveSeed(epoch, start));
    start += rows.length;
  }
}

function inputsOf(
  { inputs, rows: count, offsets }: Examples,
  rows: Int32Array,
): Pick<Batch, 'inputs' | 'sequences'> {
  if (offsets === undefined) return { inputs: gatherRows(inputs, inputs.length / count, rows) };
  const width = inputs.length / offsets[count];
  const gathered = gatherSequences({ data: inputs, width, offsets }, rows);
  const steps = paddedSteps(lengthsOf(gathered.offsets));
  return { inputs: gathered.data, sequences: { offsets: gathered.offsets, steps } };
}

/** One-hot rows, a share of each spread evenly over all classes. */
function smoothedTargets(labels: Int32Array, { classes, labelSmoothing }: BatchOptions): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(labelSmoothing / classes);
  for (const [row, label] of labels.entries()) targets[row * classes + label] += 1 - labelSmoothing;
  return targets;
}

/** mixup (Zhang et al., 2018), of rows of one shape: each row is blended with another, by one share for the whole batch. */
function mixed(batch: Batch, { mixup, seed }: BatchOptions, place: number): Batch {
  const random = randomStream(seed, purposes.mixup, place);
  const share = betaVariate(mixup, random);
  const partners = Int32Array.from({ length: batch.rows }, (_, i) => i);
  shuffle(partners, random);
  const blend = (values: Float32Array): Float32Array => {
    const others = gatherRows(values, values.length / batch.rows, partners);
    return values.map((value, i) => share * value + (1 - share) * others[i]);
  };
  return {
    rows: batch.rows,
    inputs: blend(batch.inputs),
    targets: blend(batch.targets),
    weights: blend(batch.weights),
  };
}

/** As scikit-learn's `class_weight="balanced"`: rows / (classes × rows of the class); 0 for a class without rows. */
export function balancedClassWeights(labels: Int32Array, classes: number): Float32Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : labels.length / (present * count)));
}
