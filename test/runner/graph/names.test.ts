import { describe, expect, it } from '@jest/globals';
import type { Pipeline } from '../../../runner/config/index.ts';
import { formatProblem } from '../../../runner/errors.ts';
import { resolveNames } from '../../../runner/graph/index.ts';
import { onBase, plan } from '../config/plan.ts';

const yaml = onBase`
  enc: {uses: features/encoder, in: {clips: "audio[16000]"}, when: model}
  train: {uses: "train/\${model}", matrix: {model: [cnn, lstm], features: [mfcc]}, in: {features: "\${features}", split: split}}
  extra: {uses: train/random-forest, in: {features: mfcc, split: split}}
  features: {uses: preprocess, in: {clips: ingest}}
`;

function resolved(pipeline: Pipeline, ...names: string[]): string[] {
  const result = resolveNames(pipeline, names);
  return result.ok ? result.value : result.problems.map((problem) => formatProblem(problem));
}

describe('names on the command line', () => {
  it('mean a stage, an instance, or several by a pattern', async () => {
    const pipeline = await plan(yaml);
    expect(resolved(pipeline, 'audio')).toEqual(['audio[48000]', 'audio[16000]']);
    expect(resolved(pipeline, 'audio[16000]')).toEqual(['audio[16000]']);
    expect(resolved(pipeline, 'train[*,mfcc]')).toEqual(['train[cnn,mfcc]', 'train[lstm,mfcc]']);
    expect(resolved(pipeline, 'split', 'ingest', 'split')).toEqual(['ingest', 'split']);
  });

  it('mean a family of kinds, and a stage of the same name too', async () => {
    const pipeline = await plan(yaml);
    expect(resolved(pipeline, 'preprocess')).toEqual(['audio[48000]', 'audio[16000]', 'features']);
    expect(resolved(pipeline, 'train')).toEqual(['train[cnn,mfcc]', 'train[lstm,mfcc]', 'extra']);
    expect(resolved(pipeline, 'features')).toEqual(['mfcc', 'features']);
  });

  it('get a suggestion where they mean nothing', async () => {
    const pipeline = await plan(yaml);
    expect(resolved(pipeline, 'mfc', 'audio[44100]', 'something')).toEqual([
      'unknown stage mfc\n  did you mean mfcc?',
      'unknown stage audio[44100]\n  did you mean audio[48000]?',
      'unknown stage something\n  stages: ingest, audio, mfcc, split, train, extra, features, preprocess',
    ]);
  });

  it('of a stage that is left out say why', async () => {
    const pipeline = await plan(yaml);
    expect(resolved(pipeline, 'enc')).toEqual(['enc is left out: param model is null']);
    expect(resolved(await plan(yaml, { set: ['enc.model=x'] }), 'enc')).toEqual(['enc']);
  });
});
