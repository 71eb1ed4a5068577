import { percentileInterval, resampleInGroups, type Interval } from '../../metrics/index.ts';
import { fewestUnits, type Answers, type Tested } from './tested.ts';

/** The figures of one model that have an interval, over all resamples. */
export interface Resampled {
  readonly accuracy: Float64Array;
  readonly uar: Float64Array;
  readonly macroF1: Float64Array;
}

export interface Intervals {
  readonly accuracy: Interval | null;
  readonly uar: Interval | null;
  readonly macroF1: Interval | null;
}

/**
 * The figures of every model on the same resamples of speakers, and of clips within them; null where there are too few
 * speakers for them to mean anything, or no resamples are asked for.
 */
export function resampled(
  tested: Tested,
  models: readonly Answers[],
  classes: number,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): readonly Resampled[] | null {
  if (resamples === 0 || tested.units.length < fewestUnits) return null;
  const values = models.map((): Resampled => ({
    accuracy: new Float64Array(resamples),
    uar: new Float64Array(resamples),
    macroF1: new Float64Array(resamples),
  }));
  let at = 0;
  resampleInGroups(tested.units, { resamples, seed }, (counts) => {
    for (const [model, answers] of models.entries()) {
      const { accuracy, uar, macroF1 } = weightedFigures(tested, answers, counts, classes);
      values[model].accuracy[at] = accuracy;
      values[model].uar[at] = uar;
      values[model].macroF1[at] = macroF1;
    }
    at++;
  });
  return values;
}

export function intervalsOf(values: Resampled | undefined, level: number): Intervals {
  const of = (figure: Float64Array | undefined): Interval | null =>
    figure === undefined ? null : percentileInterval(figure, level);
  return { accuracy: of(values?.accuracy), uar: of(values?.uar), macroF1: of(values?.macroF1) };
}

/** The figures where each clip counts as often as `counts` says: those of `classificationReport` of such a matrix. */
function weightedFigures(
  { clips }: Tested,
  { shares, right }: Answers,
  counts: Int32Array,
  classes: number,
): { accuracy: number; uar: number; macroF1: number } {
  const support = new Float64Array(classes);
  const recognised = new Float64Array(classes);
  const named = new Float64Array(classes);
  for (let clip = 0; clip < clips.length; clip++) {
    const count = counts[clip];
    if (count === 0) continue;
    const { emotionIndex } = clips[clip];
    support[emotionIndex] += count;
    recognised[emotionIndex] += count * right[clip];
    for (let answer = 0; answer < classes; answer++) {
      const share = shares[clip * classes + answer];
      if (share > 0) named[answer] += count * share;
    }
  }
  let [total, hits, recalls, occurring, f1, met] = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < classes; index++) {
    total += support[index];
    hits += recognised[index];
    if (support[index] > 0) {
      recalls += recognised[index] / support[index];
      occurring++;
    }
    if (support[index] + named[index] > 0) {
      f1 += (2 * recognised[index]) / (support[index] + named[index]);
      met++;
    }
  }
  return { accuracy: hits / total, uar: recalls / occurring, macroF1: f1 / met };
}
