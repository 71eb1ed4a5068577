import { z } from 'zod';
import type { Interval } from '../metrics/index.ts';
import type { Evaluation, ModelEvaluation } from './evaluation/types.ts';

const fraction = z.number().min(0).max(1);
const difference = z.number().min(-1).max(1);
const interval = z.strictObject({ level: fraction, low: fraction, high: fraction }).nullable();

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
      testAccuracyInterval: interval.describe(
        'Percentile interval of a bootstrap over speakers, then clips; null where there are too few speakers.',
      ),
      macroF1Interval: interval,
      uarInterval: interval,
      validationAccuracy: fraction
        .nullable()
        .describe('Of all folds’ validation parts together; null where the split has none of its own.'),
      validationUar: fraction.nullable(),
      validationMacroF1: fraction.nullable(),
      validationLoss: z
        .number()
        .min(0)
        .nullable()
        .describe('Mean of −log of the right emotion’s probability.'),
      validationClips: z.int().min(0),
      ece: fraction.describe('Expected calibration error.'),
      outOfBagAccuracy: fraction
        .nullable()
        .describe('Of a forest, mean over the folds; null for other models.'),
      stage: z.string(),
    }),
  ),
  comparisons: z.array(
    z.strictObject({
      a: z.string().describe('`stage` of a result.'),
      b: z.string(),
      clips: z.int().describe('Clips that both were tested on, each counted once.'),
      speakers: z.int().describe('Independent units that the clips are of.'),
      unit: z
        .enum(['speaker', 'clip'])
        .describe('What these are: clips where no two are known to be of one speaker.'),
      difference: difference.describe(
        'Accuracy of a minus that of b, repetitions averaged within each clip.',
      ),
      interval: z.strictObject({ level: fraction, low: difference, high: difference }).nullable(),
      p: fraction
        .nullable()
        .describe('Two-sided, of this pair alone; null where there are too few speakers.'),
      pHolm: fraction.nullable().describe('Corrected by Holm for all pairs.'),
      smallestP: fraction.nullable().describe('The least that p can be with as many speakers.'),
      method: z.string(),
      reason: z.string().nullable().describe('Why there is no p.'),
    }),
  ),
  choice: z.strictObject({
    by: z.enum(['validationAccuracy', 'testAccuracy']),
    chosenOnTestPart: z.boolean(),
    order: z.array(z.string()).describe('Stages, best first.'),
    nested: z
      .strictObject({
        testAccuracy: fraction,
        uar: fraction,
        macroF1: fraction,
        stages: z.array(z.string()).describe('Chosen in each fold by its validation part alone.'),
      })
      .nullable()
      .describe('What choosing by validation figures gives: each fold’s choice on its own test part.'),
  }),
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
    comparisons: evaluation.comparisons.map((comparison) => ({
      a: comparison.stages[0],
      b: comparison.stages[1],
      clips: comparison.clips,
      speakers: comparison.units,
      unit: comparison.unit,
      difference: comparison.difference,
      interval: leveled(comparison.interval, evaluation.confidence),
      p: comparison.p,
      pHolm: comparison.pHolm,
      smallestP: comparison.smallestP,
      method: comparison.method,
      reason: comparison.reason,
    })),
    choice: choiceOf(evaluation),
  };
}

function choiceOf({ choice, models }: Evaluation): Metrics['choice'] {
  const { by, order, nested } = choice;
  const stageOf = new Map(models.map(({ slug, stage }) => [slug, stage]));
  return {
    by: by === 'validation' ? 'validationAccuracy' : 'testAccuracy',
    chosenOnTestPart: by === 'test' && models.length > 1,
    order: order.map((slug) => stageOf.get(slug)!),
    nested: nested === null ? null : { ...nested, stages: [...nested.stages] },
  };
}

function leveled(
  interval: Interval | null,
  level: number,
): { level: number; low: number; high: number } | null {
  return interval === null ? null : { level, low: interval.low, high: interval.high };
}

function resultOf(model: ModelEvaluation, level: number): Metrics['results'][number] {
  const { validation } = model;
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
    testAccuracyInterval: leveled(model.testAccuracyInterval, level),
    macroF1Interval: leveled(model.macroF1Interval, level),
    uarInterval: leveled(model.uarInterval, level),
    validationAccuracy: validation?.accuracy ?? null,
    validationUar: validation?.uar ?? null,
    validationMacroF1: validation?.macroF1 ?? null,
    validationLoss: validation?.loss ?? null,
    validationClips: validation?.clips ?? 0,
    ece: model.calibration.ece,
    outOfBagAccuracy: model.outOfBagAccuracy,
    stage: model.stage,
  };
}
