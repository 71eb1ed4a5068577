import { lengthsOf } from '../sequences.ts';
import { shuffle, type Random } from './random.ts';

/** So many batches are drawn at random before their rows are put in order of length. */
const poolBatches = 8;

/** The rows of an epoch's batches, in a random order. The last batch may be smaller, but never a single row. */
export function shuffledBatches(rows: number, batchSize: number, random: Random): Int32Array[] {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  shuffle(order, random);
  return cut(order, batchSize);
}

/**
 * As `shuffledBatches`, with rows of like length in a batch, so that little of it is padding: rows are shuffled and
 * dealt to pools of eight batches, put in order of length within their pool, cut into batches, and the batches
 * shuffled. Which rows meet in a batch still differs from epoch to epoch.
 */
export function bucketedBatches(offsets: Int32Array, batchSize: number, random: Random): Int32Array[] {
  const lengths = lengthsOf(offsets);
  const order = Int32Array.from({ length: lengths.length }, (_, i) => i);
  shuffle(order, random);
  const pool = poolBatches * batchSize;
  for (let start = 0; start < order.length; start += pool) {
    // Stable: rows of equal length stay in their random order.
    order.subarray(start, start + pool).sort((a, b) => lengths[a] - lengths[b]);
  }
  const batches = cut(order, batchSize);
  const places = Int32Array.from(batches.keys());
  shuffle(places, random);
  return Array.from(places, (place) => batches[place]);
}

/**
 * Steps that rows of these lengths are padded to: the next multiple of eight, so that TensorFlow, which prepares a
 * convolution for every new shape and keeps it, sees few.
 */
export function paddedSteps(lengths: Int32Array): number {
  return Math.ceil(lengths.reduce((longest, length) => Math.max(longest, length), 1) / 8) * 8;
}

function cut(order: Int32Array, size: number): Int32Array[] {
  const batches: Int32Array[] = [];
  for (let start = 0; start < order.length; start += size) {
    // A single row has no variance to normalise by: it joins the batch before it.
    const end = order.length - start - size === 1 ? order.length : Math.min(start + size, order.length);
    batches.push(order.subarray(start, end));
    if (end === order.length) break;
  }
  return batches;
}
