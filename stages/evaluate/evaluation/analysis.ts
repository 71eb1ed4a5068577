import type { Interval } from '../../metrics/index.ts';
import type { FoldSummary } from '../../train/summary.ts';
import { count, counted, decimal, list, percent, points } from '../text/format.ts';
import type { Calibration, ClassFigures, SpeakerFigures } from './types.ts';

/** The figures of one model that its analysis is written from. */
export interface AnalysedFigures {
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  readonly testAccuracyInterval: Interval | null;
  readonly classes: readonly ClassFigures[];
  readonly confusion: readonly (readonly number[])[];
  readonly folds: readonly FoldSummary[];
  readonly speakers: readonly SpeakerFigures[];
  readonly calibration: Calibration;
}

/** The paragraphs on one model, each on one topic. Nothing is claimed that its figures do not show. */
export function analysisOf(
  figures: AnalysedFigures,
  context: { chance: number; confidence: number },
): string[] {
  return [
    overall(figures, context),
    [strongestAndWeakest(figures.classes), neverNamed(figures)].filter(Boolean).join(' '),
    confusedPairs(figures),
    [gap(figures, context.chance), schedule(figures.folds)].filter(Boolean).join(' '),
    speakerSpread(figures.speakers),
    confidenceOf(figures),
  ].filter((paragraph) => paragraph !== '');
}

function overall(figures: AnalysedFigures, context: { chance: number; confidence: number }): string {
  const total = totalOf(figures.confusion);
  const right = figures.confusion.reduce((sum, row, index) => sum + row[index], 0);
  const interval = figures.testAccuracyInterval;
  const range = interval
    ? `, ${percent(context.confidence, 0)} interval ${percent(interval.low)} to ${percent(interval.high)}`
    : '';
  const better = figures.testAccuracy - context.chance;
  const against =
    better > 0.005
      ? `${points(better)} above always naming the commonest emotion (${percent(context.chance)})`
      : `no better than always naming the commonest emotion (${percent(context.chance)})`;
  return `It names ${percent(figures.testAccuracy)} of the test clips correctly (${count(right)} of ${count(total)}${range}), ${against}.`;
}

function strongestAndWeakest(classes: readonly ClassFigures[]): string {
  const tested = classes.filter((figures) => figures.support > 0);
  if (tested.length === 0) return '';
  const recalls = tested.map((figures) => figures.recall);
  const [highest, lowest] = [Math.max(...recalls), Math.min(...recalls)];
  if (highest === lowest) {
    return `Every emotion is recognised equally often: the recall of each is ${percent(highest)}.`;
  }
  const best = tested.filter((figures) => figures.recall === highest);
  const worst = tested.filter((figures) => figures.recall === lowest);
  return (
    `It is strongest on ${list(best.map(named))}, recognising ${recognised(best, highest)}, ` +
    `and weakest on ${list(worst.map(named))}, recognising ${lowest === 0 ? 'none' : recognised(worst, lowest)}.`
  );
}

function recognised(classes: readonly ClassFigures[], recall: number): string {
  if (classes.length > 1) return `${percent(recall)} of each`;
  const [{ support }] = classes;
  return `${percent(recall)} (${count(recall * support)} of ${count(support)})`;
}

function neverNamed(figures: AnalysedFigures): string {
  const never = figures.classes.filter((_, column) => figures.confusion.every((row) => row[column] === 0));
  if (never.length === 0) return '';
  return `It never answers ${list(never.map(named), 'or')}.`;
}

/** The ordered pair with the most clips, and the pair confused most in both directions together. */
function confusedPairs({ confusion, classes }: AnalysedFigures): string {
  let most = { truth: 0, predicted: 0, clips: 0 };
  let mutual = { first: 0, second: 0, clips: 0 };
  for (let truth = 0; truth < classes.length; truth++) {
    for (let predicted = 0; predicted < classes.length; predicted++) {
      if (truth === predicted) continue;
      const clips = confusion[truth][predicted];
      if (clips > most.clips) most = { truth, predicted, clips };
      const both = clips + confusion[predicted][truth];
      if (truth < predicted && both > mutual.clips) mutual = { first: truth, second: predicted, clips: both };
    }
  }
  if (most.clips === 0) return 'It confuses no two emotions: every test clip is named correctly.';
  const { support } = classes[most.truth];
  const errors = totalOf(confusion) - confusion.reduce((sum, row, index) => sum + row[index], 0);
  const directed =
    `The confusion seen most often is ${classes[most.truth].emotion} taken for ${classes[most.predicted].emotion}: ` +
    `${count(most.clips)} of ${counted(support, 'clip')} (${percent(most.clips / support)}).`;
  if (mutual.clips <= most.clips) return directed;
  return (
    `${directed} Counting both directions, ${classes[mutual.first].emotion} and ${classes[mutual.second].emotion} are ` +
    `mixed up most, in ${count(mutual.clips)} of its ${counted(errors, 'mistake')}.`
  );
}

function gap({ trainAccuracy, testAccuracy }: AnalysedFigures, chance: number): string {
  const difference = trainAccuracy - testAccuracy;
  const both = `${percent(trainAccuracy)} of the training clips against ${percent(testAccuracy)} of the test clips`;
  if (trainAccuracy < 2 * chance && difference < 0.1) {
    return `It underfits: with ${both} it has learned little even of what it was trained on.`;
  }
  if (difference > 0.2) {
    return `It overfits strongly: it names ${both} correctly, a gap of ${points(difference)}.`;
  }
  if (difference > 0.08) return `It overfits: it names ${both} correctly, a gap of ${points(difference)}.`;
  if (difference > 0.02)
    return `It overfits little: it names ${both} correctly, a gap of ${points(difference)}.`;
  return `It does not overfit: it names ${both} correctly.`;
}

/** When the weights that were kept were reached. */
function schedule(folds: readonly FoldSummary[]): string {
  const trained = folds.filter((fold) => fold.bestEpoch !== null && fold.epochs > 0);
  if (trained.length === 0) return '';
  const atTheEnd = trained.filter((fold) => fold.bestEpoch === fold.epochs).length;
  if (trained.length === 1) {
    const [{ bestEpoch, epochs }] = trained;
    return atTheEnd === 1
      ? `Its validation loss was lowest in the last of ${counted(epochs, 'epoch')}, so longer training may help.`
      : `Its validation loss was lowest in epoch ${bestEpoch ?? 0} of ${epochs}; the weights of that epoch were kept.`;
  }
  const best = trained.map((fold) => fold.bestEpoch ?? 0);
  const range = `Its validation loss was lowest between epoch ${Math.min(...best)} and epoch ${Math.max(...best)}, depending on the fold`;
  return atTheEnd > 0
    ? `${range}; in ${atTheEnd} of ${counted(trained.length, 'fold')} that was the last epoch, so longer training may help.`
    : `${range}.`;
}

function speakerSpread(speakers: readonly SpeakerFigures[]): string {
  if (speakers.length < 2) return '';
  const ordered = speakers.toSorted((a, b) => a.accuracy - b.accuracy);
  const [worst, best] = [ordered[0], ordered[ordered.length - 1]];
  if (worst.accuracy === best.accuracy) return `Every speaker is recognised equally well.`;
  return (
    `Over the ${speakers.length} speakers its accuracy runs from ${percent(worst.accuracy)} (speaker ${worst.speaker}, ` +
    `${counted(worst.files, 'clip')}) to ${percent(best.accuracy)} (speaker ${best.speaker}, ${counted(best.files, 'clip')}).`
  );
}

function confidenceOf({ calibration, testAccuracy }: AnalysedFigures): string {
  const difference = calibration.meanConfidence - testAccuracy;
  const figures = `on average it gives its answer a probability of ${percent(calibration.meanConfidence)} and is right in ${percent(testAccuracy)}`;
  const error = `(expected calibration error ${decimal(calibration.ece, 3)})`;
  if (difference > 0.03) return `It is too sure of itself: ${figures} ${error}.`;
  if (difference < -0.03) return `It is less sure than it could be: ${figures} ${error}.`;
  return `Its confidence is about right taken over all clips: ${figures} ${error}.`;
}

function named(figures: ClassFigures): string {
  return figures.emotion;
}

function totalOf(confusion: readonly (readonly number[])[]): number {
  return confusion.reduce((total, row) => total + row.reduce((sum, value) => sum + value, 0), 0);
}
