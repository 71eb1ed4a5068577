import {
  drawnAssignments,
  holm,
  percentileInterval,
  signFlipTest,
  type Interval,
} from '../../metrics/index.ts';
import { deriveSeed } from '../../random/index.ts';
import { counted } from '../text/format.ts';
import type { Resampled } from './intervals.ts';
import { fewestUnits, type Answers, type Tested } from './tested.ts';
import type { ModelComparison } from './types.ts';

/** One of the models to be compared. */
export interface Compared {
  readonly slug: string;
  readonly stage: string;
  readonly answers: Answers;
  /** Accuracies over the resamples; undefined where there are none. */
  readonly resampled: Resampled | undefined;
}

/**
 * Every pair of models on the clips that both were tested on. A difference counts each clip once, its repetitions
 * averaged; the test and the interval take speakers for the independent units.
 */
export function compareAll(
  tested: Tested,
  models: readonly Compared[],
  options: { readonly seed: number; readonly confidence: number },
): ModelComparison[] {
  const pairs = models.flatMap((first, index) =>
    models.slice(index + 1).map((second) => compare(tested, first, second, options)),
  );
  const corrected = holm(pairs.flatMap(({ p }) => p ?? []));
  let next = 0;
  return pairs.map((pair) => ({ ...pair, pHolm: pair.p === null ? null : corrected[next++] }));
}

function compare(
  tested: Tested,
  first: Compared,
  second: Compared,
  { seed, confidence }: { readonly seed: number; readonly confidence: number },
): ModelComparison {
  const { units, unit } = tested;
  const sums = units.map((clips) =>
    clips.reduce((sum, clip) => sum + (first.answers.right[clip] - second.answers.right[clip]), 0),
  );
  const clips = tested.clips.length;
  const known = {
    first: first.slug,
    second: second.slug,
    stages: [first.stage, second.stage] as const,
    clips,
    units: units.length,
    unit,
    difference: sums.reduce((total, sum) => total + sum, 0) / clips,
    interval: differenceInterval(first.resampled, second.resampled, confidence),
    pHolm: null,
  };
  if (units.length < fewestUnits) {
    return { ...known, p: null, smallestP: null, method: 'none', reason: tooFew(tested) };
  }
  const { p, exact, smallestP } = signFlipTest(sums, deriveSeed(seed, 'sign flips'));
  const method = `sign flips over ${counted(units.length, unit)}, ${
    exact ? 'all counted' : `${drawnAssignments} drawn`
  }`;
  return { ...known, p, smallestP, method, reason: null };
}

/** Why there are neither intervals nor tests. */
export function tooFew({ units, unit }: Tested): string {
  return (
    `the test parts hold ${counted(units.length, unit)}: with fewer than ${fewestUnits} nothing can be said of ` +
    `how others would come out`
  );
}

function differenceInterval(
  first: Resampled | undefined,
  second: Resampled | undefined,
  level: number,
): Interval | null {
  if (first === undefined || second === undefined) return null;
  return percentileInterval(
    first.accuracy.map((accuracy, resample) => accuracy - second.accuracy[resample]),
    level,
  );
}
