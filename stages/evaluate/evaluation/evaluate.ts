import type { EvaluateParams } from '../index.ts';
import { withoutLeftOut } from '../inputs/left-out.ts';
import type { Split } from '../inputs/split.ts';
import type { Training } from '../inputs/training.ts';
import { withoutUnused } from '../inputs/used-emotions.ts';
import { choiceOf } from './choice.ts';
import { durationFigures, examplesOf, hardClips } from './clips.ts';
import { compareAll } from './comparisons.ts';
import { intervalsOf, resampled } from './intervals.ts';
import { evaluateModel } from './model.ts';
import { namesOf } from './names.ts';
import { foldSizes, protocolOf } from './protocol.ts';
import { summaryOf } from './summary.ts';
import { answersOf, testedClips } from './tested.ts';
import type { DatasetFigures, Evaluation, PublishedResult } from './types.ts';

/** Seconds by clip, as far as recordings are given. */
export interface Durations {
  readonly original: ReadonlyMap<string, number> | null;
  readonly processed: ReadonlyMap<string, number> | null;
}

/**
 * Computes everything that the reports say. Pure: the same artifacts and params give the same value.
 * `checkedScalers`: how many scalers the audit found fitted on their training clips alone. `recordings`: a name of its
 * own for each recording by id, where it is known that some ids are of one.
 */
export function evaluate(
  givenSplit: Split,
  givenTrainings: readonly Training[],
  params: EvaluateParams,
  durations: Durations = { original: null, processed: null },
  checkedScalers = 0,
  recordings: ReadonlyMap<string, string> = new Map(),
): Evaluation {
  const heard = withoutLeftOut(givenSplit, givenTrainings);
  const { split, trainings, unused } = withoutUnused(heard.split, heard.trainings);
  const chance = commonestShare(split);
  const names = namesOf(trainings);
  const options = {
    ...params,
    chance,
    emotions: split.emotions,
    speakers: new Map(split.clips.map((clip) => [clip.id, clip.speaker])),
  };
  const classes = split.emotions.length;
  const tested = testedClips(split, recordings);
  const answers = trainings.map(({ test }) => answersOf(tested, test, classes));
  const resamples = resampled(tested, answers, classes, params);
  const models = trainings.map((training, index) =>
    evaluateModel(training, names[index], intervalsOf(resamples?.[index], params.confidence), options),
  );
  const choice = choiceOf(
    models.map((model) => ({
      ...model,
      test: { accuracy: model.testAccuracy, uar: model.uar, macroF1: model.macro.f1 },
    })),
    trainings,
    classes,
  );
  const comparisons = compareAll(
    tested,
    trainings.map(({ stage }, index) => ({
      ...names[index],
      stage,
      answers: answers[index],
      resampled: resamples?.[index],
    })),
    params,
  );
  const sizes = foldSizes(split);
  return {
    title: params.title,
    summary: summaryOf({ models, choice, comparisons, chance }),
    emotions: split.emotions,
    dataset: datasetFigures(split, durations),
    split: { kind: split.kind, folds: split.folds, seed: split.seed, validation: split.validation, sizes },
    protocol: protocolOf(split, sizes, {
      models,
      notes: params.notes,
      unused,
      checkedScalers,
      leftOut: heard.leftOut,
      tested,
      choice,
    }),
    models,
    choice,
    comparisons,
    hardClips: hardClips(models, trainings, split.emotions, params.mistakes),
    examples: examplesOf(split, durations.original ?? durations.processed),
    published: params.published.map((result): PublishedResult => ({
      model: result.model,
      features: result.features,
      source: result.source,
      trainAccuracy: result.trainAccuracy,
      testAccuracy: result.testAccuracy,
      macroF1: result.macroF1,
    })),
    chance,
    confidence: params.confidence,
  };
}

function datasetFigures(split: Split, durations: Durations): DatasetFigures {
  const counts = split.emotions.map(
    (_, index) => split.clips.filter((clip) => clip.emotionIndex === index).length,
  );
  const speakers = [...new Set(split.clips.map((clip) => clip.speaker))].toSorted();
  return {
    files: split.clips.length,
    speakers,
    counts,
    durations: durationFigures(split, durations.original),
    processedDurations: durationFigures(split, durations.processed),
  };
}

/** The share of the commonest emotion among the test predictions of all folds. */
function commonestShare(split: Split): number {
  const counts = new Array<number>(split.emotions.length).fill(0);
  for (const clip of split.clips) {
    for (const role of clip.roles) if (role === 'test') counts[clip.emotionIndex]++;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : Math.max(...counts) / total;
}
