import { contourPeaks } from './contour-peaks.ts';
import { nonZero, smoothed, smoothedNonZero, whereVoiced } from './contours.ts';
import { emptyDescriptors, type FrameDescriptors } from './descriptors.ts';
import { FRAMES_PER_SECOND } from './frames.ts';
import { hasNoParity } from './parity.ts';

/** What the semitones of the pitch are counted from, in Hz. */
const SEMITONE_BASE = 27.5;
/** Frames that a run of voiced or unvoiced ones has at least. */
const SHORTEST_RUN = 3;

export type FunctionalGroup = 'pitch' | 'loudness' | 'spectrum' | 'formants' | 'harmonics' | 'temporal';

export interface FunctionalName {
  /** By openSMILE's name. */
  readonly name: string;
  readonly group: FunctionalGroup;
}

export interface Functional extends FunctionalName {
  readonly value: number;
}

/** Those that are offered, in openSMILE's order. */
export const FUNCTIONALS: readonly FunctionalName[] = functionals(emptyDescriptors(1, 1)).map(
  ({ name, group }) => ({ name, group }),
);

/** The functionals of a clip in openSMILE's order: statistics over time of its smoothed descriptors. */
export function functionals(frames: FrameDescriptors): Functional[] {
  return allFunctionals(frames).filter(({ name }) => !hasNoParity(name));
}

/** Those that differ from openSMILE's too much among them. */
function allFunctionals(frames: FrameDescriptors): Functional[] {
  // The reference leaves out the frames whose pitch is still open when the clip ends.
  const ofVoiced = (contour: Float64Array): Float64Array => smoothedNonZero(contour).slice(0, frames.settled);
  const voiced = (contour: Float64Array): Float64Array => ofVoiced(whereVoiced(contour, frames.pitch, true));
  const unvoiced = (contour: Float64Array): Float64Array =>
    ofVoiced(whereVoiced(contour, frames.pitch, false));
  const semitones = ofVoiced(frames.pitch.map((hertz) => (hertz > 0 ? semitonesOf(hertz) : 0)));
  const loudness = smoothed(frames.loudness);
  return [
    ...contourFunctionals('F0semitoneFrom27.5Hz_sma3nz', 'pitch', nonZero(semitones)),
    ...contourFunctionals('loudness_sma3', 'loudness', loudness),
    ...moments('spectralFlux_sma3', 'spectrum', smoothed(frames.spectralFlux)),
    ...frames.mfcc.flatMap((contour, index) =>
      moments(`mfcc${index + 1}_sma3`, 'spectrum', smoothed(contour)),
    ),
    ...moments('HNRdBACF_sma3nz', 'harmonics', nonZero(ofVoiced(frames.harmonicsToNoise))),
    ...moments('logRelF0-H1-H2_sma3nz', 'harmonics', nonZero(ofVoiced(frames.firstToSecond))),
    ...moments('logRelF0-H1-A3_sma3nz', 'harmonics', nonZero(ofVoiced(frames.firstToThirdFormant))),
    ...frames.formantFrequency.flatMap((frequency, index) => [
      ...moments(`F${index + 1}frequency_sma3nz`, 'formants', nonZero(voiced(frequency))),
      ...moments(
        `F${index + 1}bandwidth_sma3nz`,
        'formants',
        nonZero(voiced(frames.formantBandwidth[index])),
      ),
      ...moments(
        `F${index + 1}amplitudeLogRelF0_sma3nz`,
        'harmonics',
        nonZero(ofVoiced(frames.formantLevel[index])),
      ),
    ]),
    ...shapeContours(frames, 'V').flatMap(([name, contour]) =>
      moments(`${name}_sma3nz`, 'spectrum', nonZero(voiced(contour))),
    ),
    ...frames.mfcc.flatMap((contour, index) =>
      moments(`mfcc${index + 1}V_sma3nz`, 'spectrum', nonZero(voiced(contour))),
    ),
    ...shapeContours(frames, 'UV').map(([name, contour]) => {
      const value = mean(nonZero(unvoiced(contour)));
      return { name: `${name}_sma3nz_amean`, group: 'spectrum' as const, value };
    }),
    ...temporal(loudness, semitones, frames.energy),
  ];
}

function shapeContours(frames: FrameDescriptors, suffix: 'V' | 'UV'): [string, Float64Array][] {
  return [
    [`alphaRatio${suffix}`, frames.alphaRatio],
    [`hammarbergIndex${suffix}`, frames.hammarbergIndex],
    [`slope${suffix}0-500`, frames.slope0To500],
    [`slope${suffix}500-1500`, frames.slope500To1500],
    [`spectralFlux${suffix}`, frames.spectralFlux],
  ];
}

function contourFunctionals(name: string, group: FunctionalGroup, values: Float64Array): Functional[] {
  const sorted = values.slice().sort();
  const [low, middle, high] = [0.2, 0.5, 0.8].map((share) => percentile(sorted, share));
  const { rising, falling } = contourPeaks(values);
  const rest: [string, number][] = [
    ['percentile20.0', low],
    ['percentile50.0', middle],
    ['percentile80.0', high],
    ['pctlrange0-2', high - low],
    ['meanRisingSlope', rising.mean],
    ['stddevRisingSlope', rising.deviation],
    ['meanFallingSlope', falling.mean],
    ['stddevFallingSlope', falling.deviation],
  ];
  return [
    ...moments(name, group, values),
    ...rest.map(([statistic, value]) => ({ name: `${name}_${statistic}`, group, value })),
  ];
}

/** The mean, and the standard deviation over it. */
function moments(name: string, group: FunctionalGroup, values: Float64Array): Functional[] {
  const average = mean(values);
  const variance = mean(values.map((value) => (value - average) ** 2));
  const normalized = average === 0 ? 0 : Math.sqrt(variance) / average;
  return [
    { name: `${name}_amean`, group, value: average },
    { name: `${name}_stddevNorm`, group, value: normalized },
  ];
}

function temporal(loudness: Float64Array, semitones: Float64Array, energy: Float64Array): Functional[] {
  const voiced = segmentSeconds(semitones, true);
  const unvoiced = segmentSeconds(semitones, false);
  const seconds = semitones.length / FRAMES_PER_SECOND;
  const values: [string, number][] = [
    ['loudnessPeaksPerSec', (contourPeaks(loudness).count * FRAMES_PER_SECOND) / loudness.length],
    ['VoicedSegmentsPerSec', seconds > 0 ? voiced.length / seconds : 0],
    ['MeanVoicedSegmentLengthSec', mean(voiced)],
    ['StddevVoicedSegmentLengthSec', deviation(voiced)],
    ['MeanUnvoicedSegmentLength', mean(unvoiced)],
    ['StddevUnvoicedSegmentLength', deviation(unvoiced)],
    ['equivalentSoundLevel_dBp', 10 * Math.log10(Math.max(1e-12, mean(energy)))],
  ];
  return values.map(([name, value]) => ({ name, group: 'temporal', value }));
}

/** Of each run of voiced or unvoiced frames, from its first frame to its last. Runs of two frames do not count. */
function segmentSeconds(semitones: Float64Array, voiced: boolean): Float64Array {
  const lengths: number[] = [];
  let start = -1;
  for (let frame = 0; frame <= semitones.length; frame++) {
    const isInside = frame < semitones.length && (semitones[frame] !== 0) === voiced;
    if (isInside && start < 0) start = frame;
    if (!isInside && start >= 0) {
      if (frame - start >= SHORTEST_RUN) lengths.push((frame - start - 1) / FRAMES_PER_SECOND);
      start = -1;
    }
  }
  return Float64Array.from(lengths);
}

function semitonesOf(hertz: number): number {
  // Below one semitone 1 stands, since 0 is for unvoiced frames.
  return Math.max(1, 12 * Math.log2(hertz / SEMITONE_BASE));
}

function mean(values: Float64Array): number {
  if (values.length === 0) return 0;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function deviation(values: Float64Array): number {
  const average = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
}

function percentile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return 0;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}
