import { StageFailure, type StageContext } from '../../../runner/kind/index.ts';
import { gatherLabels, loadFolds, parts, type Fold, type LabelledFolds } from '../dataset.ts';
import { trainingCautions } from '../cautions.ts';
import { withoutClips, type LeftOutClip } from '../left-out.ts';
import { openPredictions, type PredictionsWriter } from '../predictions.ts';
import type { ModelSummary } from '../summary.ts';
import { fitTemperature, softmax } from '../temperature.ts';
import { averageLogits } from './average.ts';
import { readMember, type Member } from './members.ts';
import type { EnsembleParams } from './params.ts';

/**
 * Averages what the members predicted. Nothing is learnt but the temperature of the average, so the members may
 * differ in features and kind; they must share the split.
 */
export async function run(context: StageContext<EnsembleParams>): Promise<void> {
  const { params, output } = context;
  const whole = await loadFolds(context.input('split'));
  const members = await readMembers(context, whole);
  const leftOut = new Map(members.flatMap((member) => member.leftOut.map((clip) => [clip.name, clip])));
  const split = withoutClips(whole, new Set(leftOut.keys()));
  const shares = sharesOf(params, members);
  const predictions = await openPredictions(output, split);
  const start = performance.now();
  for (const fold of split.folds) {
    context.signal.throwIfAborted();
    const logitsOf = (part: (typeof parts)[number]): Float64Array =>
      averageLogits(
        members.map((member) => member.probabilities(fold, part)),
        shares,
        params.average,
      );
    const calibrated = params.calibrate && hasOwnValidation(split, fold);
    const temperature = calibrated
      ? fitTemperature(
          logitsOf('validation'),
          gatherLabels(split.labels, fold.validation),
          split.emotions.length,
        )
      : 1;
    for (const part of parts) {
      const probabilities = softmax(logitsOf(part), split.emotions.length, temperature);
      await predictions.write(fold.index, part, fold[part], split, probabilities);
    }
    await output.json(`models/fold${fold.index}/ensemble.json`, {
      average: params.average,
      temperature,
      members: members.map(({ stage }, index) => ({ stage, weight: shares[index] })),
    });
    context.progress({ done: fold.index + 1, total: split.folds.length, unit: 'folds' });
  }
  await predictions.close();
  output.measure('fitSeconds', (performance.now() - start) / 1000);
  await output.json('summary.json', summaryOf(context, split, members, predictions, [...leftOut.values()]));
}

async function readMembers(
  context: StageContext<EnsembleParams>,
  split: LabelledFolds,
): Promise<readonly Member[]> {
  const { models } = context.inputs;
  const splitName = context.input('split').stage;
  if (models.length < 2) {
    throw new StageFailure('an ensemble needs at least two models', {
      place: models[0]?.stage ?? 'models',
      hint: 'name several stages in the input `models`',
    });
  }
  return Promise.all(models.map((artifact) => readMember(artifact, split, splitName)));
}

/** What each member counts; together 1. */
function sharesOf({ weights }: EnsembleParams, members: readonly Member[]): number[] {
  if (weights === null) return members.map(() => 1 / members.length);
  if (weights.length !== members.length) {
    throw new StageFailure(`there are ${weights.length} weights for ${members.length} models`, {
      place: 'weights',
      hint: `give one for each of ${members.map(({ stage }) => stage).join(', ')}`,
    });
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function hasOwnValidation({ validation }: LabelledFolds, fold: Fold): boolean {
  return validation === 'own' && fold.validation.length > 0;
}

function summaryOf(
  { params }: StageContext<EnsembleParams>,
  split: LabelledFolds,
  members: readonly Member[],
  predictions: PredictionsWriter,
  leftOut: readonly LeftOutClip[],
): ModelSummary {
  const parameters = members.reduce((sum, member) => sum + member.parameters, 0);
  const calibrated = params.calibrate && split.folds.every((fold) => hasOwnValidation(split, fold));
  return {
    model: 'ensemble',
    features: [...new Set(members.map(({ features }) => features))].join(' + '),
    emotions: split.emotions,
    layers: [],
    parameters: { total: parameters, trainable: parameters },
    hyperparameters: params,
    // Nothing is drawn: the members' seeds are theirs.
    folds: split.folds.map(({ index }) => ({
      ...{ fold: index, seed: 0, epochs: 0, bestEpoch: null, history: [] },
      validation: predictions.validation(index),
    })),
    ...(leftOut.length > 0 && { leftOut }),
    notes: [
      `Averages the probabilities of ${members.map(({ stage }) => stage).join(', ')}; its fit time is without theirs.`,
      calibrated
        ? 'The average was calibrated on the validation part.'
        : 'The average itself was not calibrated.',
      ...notesOf(members),
    ],
    cautions: trainingCautions(split),
  };
}

/** Each note once, with the members that carry it. */
function notesOf(members: readonly Member[]): string[] {
  const carriers = new Map<string, string[]>();
  for (const { stage, notes } of members) {
    for (const note of notes) carriers.set(note, [...(carriers.get(note) ?? []), stage]);
  }
  return [...carriers].map(([note, stages]) => `${stages.join(', ')}: ${note}`);
}
