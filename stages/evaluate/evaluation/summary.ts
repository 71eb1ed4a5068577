import { count, list, percent, points, pValue } from '../text/format.ts';
import type { ModelComparison, ModelEvaluation } from './types.ts';

/** Below this a difference is called more than chance. */
const significance = 0.05;

/** The paragraphs on all models together. */
export function summaryOf(
  models: readonly ModelEvaluation[],
  comparisons: readonly ModelComparison[],
  chance: number,
): string[] {
  const ranked = models.toSorted((a, b) => b.testAccuracy - a.testAccuracy);
  return [
    winner(ranked, comparisons, chance),
    ranked.length > 1 ? emotionsInCommon(ranked) : '',
    ranked.length > 1 ? largestGap(ranked) : '',
  ].filter((paragraph) => paragraph !== '');
}

function winner(
  ranked: readonly ModelEvaluation[],
  comparisons: readonly ModelComparison[],
  chance: number,
): string {
  const [best, second] = ranked;
  const clips = best.classes.reduce((sum, figures) => sum + figures.support, 0);
  const unclear = best.testAccuracyInterval !== null && best.testAccuracyInterval.low <= chance;
  const opening = unclear
    ? `No model is clearly better than always naming the commonest emotion. ${best.label} comes first:`
    : `${best.label} does best:`;
  const first =
    `${opening} it names the emotion of ${percent(best.testAccuracy)} of ${count(clips)} test clips correctly ` +
    `(average over emotions, UAR, ${percent(best.uar)}), where always naming the commonest emotion gives ${percent(chance)}.`;
  if (ranked.length === 1) return first;
  const lead = best.testAccuracy - second.testAccuracy;
  const next =
    lead === 0
      ? `${second.label} is right as often.`
      : `${second.label} follows ${points(lead)} behind${verdict(best, second, comparisons)}.`;
  return `${first} ${next}`;
}

function verdict(
  best: ModelEvaluation,
  second: ModelEvaluation,
  comparisons: readonly ModelComparison[],
): string {
  const comparison = comparisons.find(
    (each) =>
      (each.first === best.slug && each.second === second.slug) ||
      (each.first === second.slug && each.second === best.slug),
  );
  if (!comparison) return '';
  const { pValue: value } = comparison;
  return value < significance
    ? `, more than chance explains on these clips (McNemar’s test, ${pValue(value)})`
    : `, a difference that chance alone could make (McNemar’s test, ${pValue(value)})`;
}

/** Emotions that are hard or easy for the models together, by mean recall. */
function emotionsInCommon(models: readonly ModelEvaluation[]): string {
  const means = models[0].classes
    .map((figures, index) => ({
      emotion: figures.emotion,
      support: figures.support,
      recall: models.reduce((sum, model) => sum + model.classes[index].recall, 0) / models.length,
    }))
    .filter((figures) => figures.support > 0)
    .toSorted((a, b) => b.recall - a.recall);
  if (means.length < 2) return '';
  const [easiest, hardest] = [means[0], means[means.length - 1]];
  if (easiest.recall === hardest.recall) return '';
  return (
    `Over all models ${easiest.emotion} is recognised most often (mean recall ${percent(easiest.recall)}) ` +
    `and ${hardest.emotion} least (${percent(hardest.recall)}).`
  );
}

function largestGap(models: readonly ModelEvaluation[]): string {
  const gapOf = (model: ModelEvaluation): number => model.trainAccuracy - model.testAccuracy;
  const overfitted = models.filter((model) => gapOf(model) > 0.2).toSorted((a, b) => gapOf(b) - gapOf(a));
  if (overfitted.length === 0) return '';
  const written = overfitted.map((model) => `${model.label} (${points(gapOf(model))})`);
  return `Training accuracy lies far above test accuracy for ${list(written)}: more data, augmentation or regularisation should help most there.`;
}
