import { z } from 'zod';
import type { Evaluation, ModelEvaluation } from './evaluation/types.ts';

const fraction = z.number().min(0).max(1);

/** The shape of `metrics.json`. Fields are added to it, never changed or taken away: others read it. */
export const metricsSchema = z.strictObject({
  dataset: z.strictObject({
    files: z.int(),
    speakers: z.int(),
    counts: z.record(z.string(), z.int()).describe('Clips by emotion.'),
  }),
  split: z.strictObject({ kind: z.string(), folds: z.int().positive(), seed: z.int() }),
  results: z.array(
    z.strictObject({
      model: z.string(),
      features: z.string(),
      trainAccuracy: fraction,
      testAccuracy: fraction.describe('Of the test predictions of all folds together.'),
      testAccuracyStd: z.number().min(0).describe('Sample standard deviation over folds; 0 for one fold.'),
      macroF1: fraction,
      uar: fraction.describe('Unweighted average recall over the emotions that occur.'),
      epochs: z.int().min(0).describe('Mean over the folds, rounded; 0 for a model without epochs.'),
      fitSeconds: z
        .number()
        .min(0)
        .nullable()
        .describe(
          'Filled in where the artifact is shown: it differs between equal trainings. Null where not measured.',
        ),
      params: z.int().min(0).describe('All parameters, trainable or not.'),
      trainableParams: z.int().min(0),
      perClass: z.array(
        z.strictObject({
          emotion: z.string(),
          precision: fraction,
          recall: fraction,
          f1: fraction,
          support: z.int(),
        }),
      ),
      confusion: z.array(z.array(z.int())).describe('`confusion[truth][predicted]`, in clips.'),
      perFold: z.array(fraction).describe('Test accuracy of each fold.'),
      perSpeaker: z.array(z.strictObject({ speaker: z.string(), files: z.int(), accuracy: fraction })),
      testAccuracyInterval: z
        .strictObject({ level: fraction, low: fraction, high: fraction })
        .nullable()
        .describe('Bootstrap percentile interval.'),
      ece: fraction.describe('Expected calibration error.'),
      outOfBagAccuracy: fraction
        .nullable()
        .describe('Of a forest, mean over the folds; null for other models.'),
      stage: z.string(),
    }),
  ),
});
export type Metrics = z.infer<typeof metricsSchema>;

export function metricsOf(evaluation: Evaluation): Metrics {
  const { dataset, emotions, split } = evaluation;
  return {
    dataset: {
      files: dataset.files,
      speakers: dataset.speakers.length,
      counts: Object.fromEntries(emotions.map((emotion, index) => [emotion, dataset.counts[index]])),
    },
    split: { kind: split.kind, folds: split.folds, seed: split.seed },
    results: evaluation.models.map((model) => resultOf(model, evaluation.confidence)),
  };
}

function resultOf(model: ModelEvaluation, level: number): Metrics['results'][number] {
  const interval = model.testAccuracyInterval;
  return {
    model: model.model,
    features: model.features,
    trainAccuracy: model.trainAccuracy,
    testAccuracy: model.testAccuracy,
    testAccuracyStd: model.testAccuracyStd,
    macroF1: model.macro.f1,
    uar: model.uar,
    epochs: model.epochs,
    fitSeconds: null,
    params: model.parameters.total,
    trainableParams: model.parameters.trainable,
    perClass: model.classes.map(({ emotion, precision, recall, f1, support }) => ({
      emotion,
      precision,
      recall,
      f1,
      support,
    })),
    confusion: model.confusion.map((row) => [...row]),
    perFold: [...model.foldAccuracies],
    perSpeaker: model.speakers.map(({ speaker, files, accuracy }) => ({ speaker, files, accuracy })),
    testAccuracyInterval: interval ? { level, low: interval.low, high: interval.high } : null,
    ece: model.calibration.ece,
    outOfBagAccuracy: model.outOfBagAccuracy,
    stage: model.stage,
  };
}
