import { StageFailure } from '../../runner/kind/index.ts';
import { forEachFrame } from './frames.ts';
import { kernels } from './kernels/kernels.ts';
import type { FrameOptions } from './spectrogram.ts';

/** What keeps silence from 0 / 0: `librosa.util.tiny` of double precision, which all of this is computed in. */
const SMALLEST_NORMAL = 2 ** -1022;

export interface PitchRange {
  /** Hz. */
  readonly lowest: number;
  readonly highest: number;
}

/** The shortest and the longest period that are looked at, in samples. */
export interface PeriodRange {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * The periods of a range of pitches.
 *
 * @throws StageFailure where a frame is too short for the lowest pitch.
 */
export function periodRange(
  { lowest, highest }: PitchRange,
  sampleRate: number,
  nFft: number,
  place: string,
): PeriodRange {
  const shortest = Math.floor(sampleRate / highest);
  if (shortest < 1 || highest > sampleRate / 2 || sampleRate / lowest >= nFft - 1) {
    throw new StageFailure(
      `a pitch of ${lowest} to ${highest} Hz cannot be found at ${sampleRate} Hz in ${nFft} samples`,
      {
        place,
        hint: 'change pitchMin, pitchMax or nFft',
      },
    );
  }
  return { shortest, longest: Math.min(Math.ceil(sampleRate / lowest), nFft - 1) };
}

/**
 * Calls `visit` for each centred frame of a clip with YIN's cumulative mean normalised difference (de Cheveigné &
 * Kawahara 2002, eq. 8) of the periods in the range, from the shortest on. The array is the same at each call.
 */
export function forEachDifference(
  samples: Float32Array,
  { nFft, hopLength }: FrameOptions,
  { shortest, longest }: PeriodRange,
  visit: (difference: Float64Array, index: number) => void,
): void {
  const memory = kernels();
  const difference = new Float64Array(longest - shortest + 1);
  memory.within((allocate) => {
    const frameAt = allocate(8 * nFft);
    const lagsAt = allocate(8 * (longest + 1));
    forEachFrame(samples, { frameLength: nFft, hopLength, padding: 'zeros' }, (frame, index) => {
      memory.doubles(frameAt, nFft).set(frame);
      memory.call.autocorrelate(frameAt, nFft, longest + 1, lagsAt);
      normalizeDifference(frame, memory.doubles(lagsAt, longest + 1), shortest, difference);
      visit(difference, index);
    });
  });
}

function normalizeDifference(
  frame: Float32Array,
  lags: Float64Array,
  shortest: number,
  result: Float64Array,
): void {
  const longest = lags.length - 1;
  let energy = 0;
  let cumulative = 0;
  for (let lag = 1; lag <= longest; lag++) {
    energy += frame[lag - 1] * frame[lag - 1];
    // librosa leaves the first sample's energy out at lag 1, and so out of the mean of all lags after it.
    const difference = 2 * (lags[0] - lags[lag]) - (lag === 1 ? 0 : energy);
    cumulative += difference;
    if (lag >= shortest) result[lag - shortest] = difference / (cumulative / lag + SMALLEST_NORMAL);
  }
}

export function isTrough(values: Float64Array, index: number): boolean {
  const last = values.length - 1;
  if (index === 0) return values[0] < values[1];
  return values[index] < values[index - 1] && values[index] <= values[Math.min(index + 1, last)];
}

/** How far the vertex of the parabola through a value and its neighbours lies from it; 0 where beyond these. */
export function parabolicShift(values: Float64Array, index: number): number {
  if (index === 0 || index === values.length - 1) return 0;
  const curvature = values[index + 1] + values[index - 1] - 2 * values[index];
  const slope = (values[index + 1] - values[index - 1]) / 2;
  return Math.abs(slope) >= Math.abs(curvature) ? 0 : -slope / curvature;
}
