import { z } from 'zod';
import { defineKind } from '../../runner/kind/index.ts';

export default defineKind({
  name: 'corpus',
  summary: 'Makes a small speech-like corpus with RAVDESS file names, in clips/',
  params: z.strictObject({
    speakers: z.int().min(1).max(24).default(8).describe('Speakers; odd numbers are male, even ones female'),
    clipsPerEmotion: z
      .int()
      .min(1)
      .max(8)
      .default(4)
      .describe('Clips of each emotion and speaker; neutral, which is never strong, has at most 4'),
    sampleRate: z.int().min(8000).max(192000).default(48000).describe('Sample rate of the files, Hz'),
    seed: z.int().min(0).default(1).describe('Seed of the speakers and of what differs between takes'),
  }),
  inputs: {},
  resources: { cpus: 1 },
  load: () => import('./run.ts'),
});
