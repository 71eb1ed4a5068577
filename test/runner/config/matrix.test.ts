import { describe, expect, it } from '@jest/globals';
import { names, onBase, params, plan, text } from './plan.ts';

function instancesOf(all: readonly string[], stage: string): string[] {
  return all.filter((name) => name.startsWith(`${stage}[`));
}

describe('a matrix', () => {
  it('makes every combination, the last key running fastest', async () => {
    const pipeline = await plan(onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [1, 2], trimDb: [10, 20, 30]}}
    `);
    expect(instancesOf(names(pipeline), 'a')).toEqual([
      'a[1,10]',
      'a[1,20]',
      'a[1,30]',
      'a[2,10]',
      'a[2,20]',
      'a[2,30]',
    ]);
    expect(params(pipeline, 'a[2,10]')).toEqual({ sampleRate: 2, trimDb: 10, normalize: 'peak' });
  });

  it('leaves out what exclude matches, wholly or in part, and adds what include lists', async () => {
    const pipeline = await plan(onBase`
      a:
        uses: preprocess
        in: {clips: ingest}
        matrix: {sampleRate: [1, 2], trimDb: [10, 20, 30]}
        exclude: [{trimDb: 20}, {sampleRate: 2, trimDb: 30}]
        include: [{trimDb: 20, sampleRate: 2}, {sampleRate: 3, trimDb: 40}]
    `);
    expect(instancesOf(names(pipeline), 'a')).toEqual([
      'a[1,10]',
      'a[1,30]',
      'a[2,10]',
      'a[2,20]',
      'a[3,40]',
    ]);
  });

  it('passes a value that is all of a text with its type, and else as text', async () => {
    const pipeline = await plan(onBase`
      a:
        run: show
        matrix: {x: [1, yes, true, 1.5, "2"]}
        with: {alone: "\${x}", spaced: "\${ x }", part: "x\${x}", "literal": "$\${x}", list: ["\${x}"]}
    `);
    expect(params(pipeline, 'a[true]')).toEqual({
      x: true,
      alone: true,
      spaced: true,
      part: 'xtrue',
      literal: '${x}',
      list: [true],
    });
    expect(params(pipeline, 'a[yes]')).toMatchObject({ alone: 'yes' });
    expect(params(pipeline, 'a[1.5]')).toMatchObject({ alone: 1.5, part: 'x1.5' });
    expect(params(pipeline, 'a[2]')).toMatchObject({ alone: '2' });
  });

  it('gives way to a param that with sets', async () => {
    const pipeline = await plan(onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [1, 2]}, with: {sampleRate: 8, trimDb: "\${sampleRate}"}}
    `);
    expect(params(pipeline, 'a[2]')).toMatchObject({ sampleRate: 8, trimDb: 2 });
  });

  it('lets each param reach the instances whose kind has it', async () => {
    const pipeline = await plan(onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, random-forest]}
        in: {features: mfcc, split: split}
        with: {epochs: 7, trees: 9}
    `);
    expect(params(pipeline, 'train[cnn]')).toMatchObject({ epochs: 7 });
    expect(params(pipeline, 'train[random-forest]')).toEqual({ trees: 9 });
  });

  it('holds references to instances', async () => {
    const pipeline = await plan(text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [8, 9], trimDb: [1]}}
        mfcc: {uses: features/mfcc, in: {clips: "\${clips}"}, matrix: {clips: ["audio[8,1]", "audio[9,1]"]}}
    `);
    expect(names(pipeline)).toEqual([
      'ingest',
      'audio[8,1]',
      'audio[9,1]',
      'mfcc[audio[8,1]]',
      'mfcc[audio[9,1]]',
    ]);
  });

  it('may have excludes that match nothing once it was changed', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [1, 2]}, exclude: [{sampleRate: 2}]}
    `;
    expect(instancesOf(names(await plan(yaml)), 'a')).toEqual(['a[1]']);
    expect(instancesOf(names(await plan(yaml, { set: ['a.matrix.sampleRate=[1, 3]'] })), 'a')).toEqual([
      'a[1]',
      'a[3]',
    ]);
  });
});
