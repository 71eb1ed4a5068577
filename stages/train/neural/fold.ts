import type { StageContext } from '../../../runner/kind/index.ts';
import { gatherLabels, gatherRows, parts, rowsToFit, type Dataset, type Fold } from '../dataset.ts';
import type { PredictionsWriter } from '../predictions.ts';
import { applyScaler, fitScaler } from '../scaler.ts';
import { gatherSequences } from '../sequences.ts';
import type { FoldSummary } from '../summary.ts';
import { fitTemperature, softmax } from '../temperature.ts';
import type { Examples } from './batches.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { fit, type FitHooks, type FitResult } from './fit.ts';
import { writeModel } from './model-files.ts';
import type { Network } from './network.ts';
import type { TrainingParams } from './params.ts';
import { deriveSeed } from './random.ts';
import type { Trainer } from './trainer.ts';

/** What all folds of a stage have in common. */
export interface FoldTraining<Params extends TrainingParams> {
  readonly context: StageContext<Params>;
  readonly network: Network;
  readonly trainer: Trainer;
  readonly dataset: Dataset;
  readonly predictions: PredictionsWriter;
}

/** Trains on one fold, writes its model and what it predicts. */
export async function trainFold<Params extends TrainingParams>(
  training: FoldTraining<Params>,
  fold: Fold,
): Promise<{ summary: FoldSummary; temperature: number; seconds: number }> {
  const { context, network, trainer, dataset, predictions } = training;
  const { params } = context;
  const seed = deriveSeed(params.seed, fold.index);
  const scaler = params.standardize ? fitScaler(dataset, fold) : undefined;
  const inputs = scaler === undefined ? dataset.features : applyScaler(scaler, dataset.features);
  const examples = (rows: Int32Array): Examples => ({
    rows: rows.length,
    ...inputsOf(dataset, inputs, rows),
    labels: gatherLabels(dataset.labels, rows),
  });
  const classes = dataset.emotions.length;
  const logitsOf = (rows: Int32Array): Float64Array => {
    const { inputs: gathered, offsets } = examples(rows);
    return trainer.logits(gathered, rows.length, offsets);
  };
  const fitOn = async (rows: Int32Array, name: FitName): Promise<FitResult> => {
    const data = { train: examples(rows), validation: examples(fold.validation) };
    return fit(network, trainer, data, params, seed, await hooksOf(training, fold, name));
  };

  const first = await fitOn(rowsToFit(fold), 'first');
  const held = dataset.validation === 'own' ? fold.validation : new Int32Array(0);
  const heldLogits = logitsOf(held);
  const temperature = fitTemperature(heldLogits, gatherLabels(dataset.labels, held), classes);
  const refitted = params.refit && held.length > 0;
  const last = refitted ? await fitOn(Int32Array.from([...rowsToFit(fold), ...held]), 'refit') : first;

  for (const part of parts) {
    // After a refit the final weights have seen the validation part: what the first ones say of it stands.
    const logits = refitted && part === 'validation' ? heldLogits : logitsOf(fold[part]);
    await predictions.write(fold.index, part, fold[part], dataset, softmax(logits, classes, temperature));
  }
  const { emotions, shape } = dataset;
  const saved = { emotions, shape, temperature, normalizeBySpeaker: params.normalizeBySpeaker, scaler };
  await writeModel(context.output, `models/fold${fold.index}`, network, last.weights, saved);
  const { history, bestEpoch } = first;
  const summary = { fold: fold.index, seed, epochs: history.length, bestEpoch, history };
  const seconds = refitted ? first.seconds + last.seconds : first.seconds;
  return { summary, temperature, seconds };
}

function inputsOf(
  { dimension, offsets }: Dataset,
  inputs: Float32Array,
  rows: Int32Array,
): Pick<Examples, 'inputs' | 'offsets'> {
  if (offsets === undefined) return { inputs: gatherRows(inputs, dimension, rows) };
  const gathered = gatherSequences({ data: inputs, width: dimension, offsets }, rows);
  return { inputs: gathered.data, offsets: gathered.offsets };
}

/** The fit that the validation part judges, or the one after it that learns from that part too. */
type FitName = 'first' | 'refit';

async function hooksOf<Params extends TrainingParams>(
  { context, dataset }: FoldTraining<Params>,
  fold: Fold,
  name: FitName,
): Promise<FitHooks> {
  const { params, checkpoints, signal } = context;
  const fits = params.refit && dataset.validation === 'own' ? 2 : 1;
  const fitsBefore = fits * fold.index + (name === 'refit' ? 1 : 0);
  const checkpointName = name === 'refit' ? `fold${fold.index}-refit` : `fold${fold.index}`;
  return {
    resume: await readCheckpoint(checkpoints, checkpointName),
    checkpoint: (checkpoint) => writeCheckpoint(checkpoints, checkpointName, checkpoint),
    epoch({ epoch, ...values }) {
      context.progress({
        done: fitsBefore * params.epochs + epoch,
        total: fits * dataset.folds.length * params.epochs,
        unit: 'epochs',
        values,
      });
    },
    signal,
    place: `fold ${fold.index} (${fold.name})`,
  };
}
