import { z } from 'zod';
import { defineKind } from '../../runner/kind/index.ts';
import { defaultCalibrationBins } from '../metrics/calibration.ts';

export const params = z.strictObject({
  title: z
    .string()
    .min(1)
    .default('Speech emotion recognition: the models compared')
    .describe("The report's title."),
  notes: z
    .array(z.string())
    .default([])
    .describe('Remarks for the reader, shown with the protocol, such as which stages were left out and why.'),
  published: z
    .array(
      z.strictObject({
        model: z.string().describe('As in the results, e.g. `cnn-lstm`.'),
        features: z.string().optional().describe('As in the results, e.g. `mfcc`; any where left out.'),
        source: z.string().describe('Where the figures were published.'),
        trainAccuracy: z.number().min(0).max(1).optional(),
        testAccuracy: z.number().min(0).max(1),
        macroF1: z.number().min(0).max(1).optional(),
      }),
    )
    .default([])
    .describe('Published figures to show beside the models they belong to, as fractions of 1.'),
  confidence: z.number().min(0.5).max(0.999).default(0.95).describe('Level of the intervals.'),
  resamples: z
    .int()
    .min(0)
    .max(100_000)
    .default(2000)
    .describe('Bootstrap resamples behind an interval; 0: no intervals.'),
  seed: z.int().min(0).default(42).describe('Seed of the bootstrap, and of sign flips where they are drawn.'),
  calibrationBins: z
    .int()
    .min(2)
    .max(50)
    .default(defaultCalibrationBins)
    .describe('Bins of the reliability diagrams, and of the expected calibration error.'),
  mistakes: z.int().min(0).max(50).default(8).describe('Confident mistakes listed for each model.'),
  embeddedMegabytes: z
    .number()
    .min(0)
    .max(100)
    .default(8)
    .describe('Audio that the page carries at most, in MB; players beyond it are left out.'),
});
export type EvaluateParams = z.infer<typeof params>;

export default defineKind({
  name: 'evaluate',
  summary: 'Compare trained models: metrics.json, and a report as a page, as Markdown and as figures',
  params,
  inputs: { models: 'many', split: 'one', clips: 'optional', audio: 'optional' },
  resources: { cpus: 1 },
  load: () => import('./run.ts'),
});
