import { z } from 'zod';
import { rowsToFit, type Dataset, type Fold } from './dataset.ts';
import { stepsOf } from './sequences.ts';
import { fittedOn, fittedOnSchema, type FittedOn } from './fitted-on.ts';

/**
 * Standardises features to zero mean and unit variance, as scikit-learn's StandardScaler: value `j` of a row is
 * scaled by the statistics of channel `j % channels`. Vectors have one channel for each value; sequences
 * [steps, channels] share theirs over the steps, each clip's own steps and no padding.
 */
export interface Scaler {
  /** One a channel. */
  readonly mean: Float32Array;
  /** The population standard deviation of each channel, 1 where a channel is constant. */
  readonly scale: Float32Array;
}

/** A scaler that says which clips it knows. */
export interface FittedScaler extends Scaler {
  readonly fittedOn: FittedOn;
}

/**
 * Fits on the fold's training rows, augmented ones included, and on no others, so that nothing of validation and test
 * leaks in.
 */
export function fitScaler(dataset: Dataset, fold: Fold): FittedScaler {
  const { features, dimension, shape, ids, offsets } = dataset;
  const rows = rowsToFit(fold);
  return {
    ...fitScalerOn(features, dimension, matrixRows(rows, offsets), channelsOf(shape)),
    // By clip: an augmented version counts as its clip.
    fittedOn: fittedOn([...new Set(Array.from(rows, (row) => ids[row]))]),
  };
}

/** Fits on the rows named of a row-major matrix. `channels` must divide `dimension`. */
export function fitScalerOn(
  features: Float32Array,
  dimension: number,
  rows: ArrayLike<number>,
  channels = dimension,
): Scaler {
  if (rows.length === 0) throw new RangeError('a scaler needs at least one row to be fitted on');
  const count = (rows.length * dimension) / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  // Two passes: the sum of squares of one pass cancels for large means, such as energies in dB.
  eachValue(features, dimension, rows, channels, (value, channel) => {
    mean[channel] += value / count;
  });
  eachValue(features, dimension, rows, channels, (value, channel) => {
    variance[channel] += (value - mean[channel]) ** 2 / count;
  });
  return {
    mean: Float32Array.from(mean),
    scale: Float32Array.from(variance, (value, channel) => standardDeviation(value, mean[channel], count)),
  };
}

/** A scaled copy of a row-major matrix of any number of rows. */
export function applyScaler(scaler: Scaler, features: Float32Array): Float32Array {
  const channels = scaler.mean.length;
  return features.map(
    (value, index) => (value - scaler.mean[index % channels]) / scaler.scale[index % channels],
  );
}

/**
 * Standardises the clips of each speaker by that speaker's own statistics, test speakers included. This is
 * transductive: it needs several unlabelled clips of a speaker before the first can be recognised, and results
 * with it must be labelled so. Labels are not looked at, nor are augmented clips, which are scaled as their speaker's
 * recordings are.
 */
export function standardizeBySpeaker(dataset: Dataset): Float32Array {
  const { features, dimension, speakers, clips, offsets } = dataset;
  const channels = channelsOf(dataset.shape);
  const scaled = new Float32Array(features.length);
  for (const speaker of new Set(speakers)) {
    const rows = [...speakers.keys()].filter((row) => speakers[row] === speaker);
    const recorded = rows.filter((row) => row < clips);
    const scaler = fitScalerOn(features, dimension, matrixRows(recorded, offsets), channels);
    for (const row of rows) {
      const [from, to] = offsets === undefined ? [row, row + 1] : [offsets[row], offsets[row + 1]];
      const start = from * dimension;
      scaled.set(applyScaler(scaler, features.subarray(start, to * dimension)), start);
    }
  }
  return scaled;
}

const scalerFile = z.object({
  mean: z.array(z.number()),
  scale: z.array(z.number().positive()),
  fittedOn: fittedOnSchema.optional(),
});

/** A scaler as a value for JSON; `scalerFromJson` gives back the same bits. */
export function scalerToJson(scaler: Scaler | FittedScaler): z.infer<typeof scalerFile> {
  const { mean, scale } = scaler;
  return {
    mean: Array.from(mean),
    scale: Array.from(scale),
    ...('fittedOn' in scaler ? { fittedOn: scaler.fittedOn } : {}),
  };
}

export function scalerFromJson(value: unknown): Scaler {
  const { mean, scale } = scalerFile.parse(value);
  return { mean: Float32Array.from(mean), scale: Float32Array.from(scale) };
}

/** The rows of `dimension` values that clips have in the features: of sequences of unequal length, their steps. */
function matrixRows(clips: ArrayLike<number>, offsets: Int32Array | undefined): ArrayLike<number> {
  return offsets === undefined ? clips : stepsOf(offsets, clips);
}

function channelsOf(shape: readonly number[]): number {
  return shape.at(-1) ?? 1;
}

function eachValue(
  features: Float32Array,
  dimension: number,
  rows: ArrayLike<number>,
  channels: number,
  visit: (value: number, channel: number) => void,
): void {
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * dimension;
    for (let j = 0; j < dimension; j++) visit(features[start + j], j % channels);
  }
}

/** A channel whose spread is only rounding error counts as constant: scikit-learn's `_is_constant_feature`. */
function standardDeviation(variance: number, mean: number, count: number): number {
  const roundingError = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
  return variance <= roundingError ? 1 : Math.sqrt(variance);
}
