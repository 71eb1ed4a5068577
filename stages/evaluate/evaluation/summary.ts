import { count, list, percent, points, pValue } from '../text/format.ts';
import { rankedModels } from './ranking.ts';
import type { Choice, Evaluation, ModelComparison, ModelEvaluation } from './types.ts';

/** Below this a difference is called more than chance. */
const significance = 0.05;

/** The paragraphs on all models together. */
export function summaryOf(
  evaluation: Pick<Evaluation, 'models' | 'choice' | 'comparisons' | 'chance'>,
): string[] {
  const ranked = rankedModels(evaluation);
  return [
    winner(ranked, evaluation),
    ranked.length > 1 ? emotionsInCommon(ranked) : '',
    ranked.length > 1 ? largestGap(ranked) : '',
  ].filter((paragraph) => paragraph !== '');
}

function winner(
  ranked: readonly ModelEvaluation[],
  { choice, comparisons, chance }: Pick<Evaluation, 'choice' | 'comparisons' | 'chance'>,
): string {
  const [best, second] = ranked;
  const clips = best.classes.reduce((sum, figures) => sum + figures.support, 0);
  const unclear = best.testAccuracyInterval !== null && best.testAccuracyInterval.low <= chance;
  const opening = unclear
    ? `No model is clearly better than always naming the commonest emotion. ${best.label} comes first${basis(best, choice)}:`
    : `${best.label} does best${basis(best, choice)}:`;
  const first =
    `${opening} it names the emotion of ${percent(best.testAccuracy)} of ${count(clips)} test clips correctly ` +
    `(average over emotions, UAR, ${percent(best.uar)}), where always naming the commonest emotion gives ${percent(chance)}.`;
  if (ranked.length === 1) return first;
  const lead = best.testAccuracy - second.testAccuracy;
  const next =
    lead === 0
      ? `${second.label}, which follows, is right as often.`
      : `${second.label}, which follows, is right ${points(lead)} ${lead > 0 ? 'less' : 'more'} often${verdict(best, second, comparisons)}.`;
  return `${first} ${next}`;
}

/** What the first model is first by. Of a single model nothing was chosen. */
function basis(best: ModelEvaluation, { by, order }: Choice): string {
  if (order.length === 1) return '';
  return by === 'validation' && best.validation !== null
    ? ` on the validation parts (${percent(best.validation.accuracy)})`
    : ', chosen on the test part';
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
  const { pHolm, method, reason } = comparison;
  if (pHolm === null) return `; whether that is more than chance cannot be said, since ${reason}`;
  const corrected = comparisons.length > 1 ? `, corrected for ${comparisons.length} pairs` : '';
  return pHolm < significance
    ? `, more than chance explains (${method}; ${pValue(pHolm)}${corrected})`
    : `, a difference that chance alone could make (${method}; ${pValue(pHolm)}${corrected})`;
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
