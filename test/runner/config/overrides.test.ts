import { describe, expect, it } from '@jest/globals';
import { base, instance, names, onBase, params, plan, report } from './plan.ts';

const train = onBase`
  enc: {uses: features/encoder, in: {clips: "audio[16000]"}, with: {model: tiny}}
  train:
    uses: train/\${model}
    matrix: {model: [cnn, lstm, random-forest], features: [mfcc]}
    in: {features: "\${features}", split: split}
    with: {epochs: 30}
`;

describe('--set', () => {
  it('reads YAML scalars and lists', async () => {
    const set = [
      'enc.layers=[1, last]',
      'split.testFraction=5e-1',
      'audio.trimDb=null',
      'mfcc.window="hamming"',
    ];
    const pipeline = await plan(train, { set });
    expect(params(pipeline, 'enc').layers).toEqual([1, 'last']);
    expect(params(pipeline, 'split').testFraction).toBe(0.5);
    expect(params(pipeline, 'audio[48000]').trimDb).toBeNull();
    expect(params(pipeline, 'mfcc').window).toBe('hamming');
  });

  it.each([
    ['48000', '48000'],
    ['0x10', '0x10'],
    ['007', '007'],
    ['1e3', '1e3'],
    ['true', 'true'],
    ['', ''],
    ['a: b', 'a: b'],
    ['- a', '- a'],
    ['*.wav', '*.wav'],
    ['!x', '!x'],
    ['data #1', 'data #1'],
    ['# note', '# note'],
    ['a=b', 'a=b'],
    ['~/data', '~/data'],
    ['@x', '@x'],
    ['"a: b"', 'a: b'],
    [' x ', 'x'],
  ])('gives text where the schema wants text: %s', async (typed, expected) => {
    const pipeline = await plan(base, { set: [`ingest.root=${typed}`] });
    expect(params(pipeline, 'ingest').root).toBe(expected);
  });

  it('gives text within a choice of types too', async () => {
    const pipeline = await plan(train, { set: ['enc.layers=all', 'enc.model=12'] });
    expect(params(pipeline, 'enc')).toMatchObject({ layers: 'all', model: '12' });
  });

  it('reaches the instances whose kind has the param', async () => {
    const pipeline = await plan(train, { set: ['train.epochs=2'] });
    expect(params(pipeline, 'train[cnn,mfcc]').epochs).toBe(2);
    expect(params(pipeline, 'train[lstm,mfcc]').epochs).toBe(2);
    expect(params(pipeline, 'train[random-forest,mfcc]')).not.toHaveProperty('epochs');
  });

  it('reaches one instance, or those of a pattern; the last one counts', async () => {
    const set = ['train.epochs=2', 'train[*,mfcc].epochs=3', 'train[cnn,mfcc].epochs=4'];
    const pipeline = await plan(train, { set });
    expect(params(pipeline, 'train[cnn,mfcc]').epochs).toBe(4);
    expect(params(pipeline, 'train[lstm,mfcc]').epochs).toBe(3);
    const reversed = await plan(train, { set: set.toReversed() });
    expect(params(reversed, 'train[cnn,mfcc]').epochs).toBe(2);
  });

  it('sets a part of a param and keeps the rest, of the default or of the yaml', async () => {
    const pipeline = await plan(train, { set: ['train.earlyStopping.patience=3'] });
    expect(params(pipeline, 'train[cnn,mfcc]').earlyStopping).toEqual({
      patience: 3,
      monitor: 'validationLoss',
    });
    const written = train.replace('{epochs: 30}', '{earlyStopping: {patience: 1, monitor: loss}}');
    const other = await plan(written, { set: ['train.earlyStopping.patience=3'] });
    expect(params(other, 'train[cnn,mfcc]').earlyStopping).toEqual({ patience: 3, monitor: 'loss' });
  });

  it('sets the matrix, a single value as a list of one', async () => {
    expect(names(await plan(train, { set: ['train.matrix.model=[lstm, cnn]'] })).slice(-2)).toEqual([
      'train[lstm,mfcc]',
      'train[cnn,mfcc]',
    ]);
    expect(names(await plan(train, { set: ['train.matrix.model=lstm'] })).at(-1)).toBe('train[lstm,mfcc]');
    expect(names(await plan(train, { set: ['train.matrix={model: [cnn], features: [enc]}'] })).at(-1)).toBe(
      'train[cnn,enc]',
    );
  });

  it('sets how a stage runs', async () => {
    const set = [
      'train.timeout=5m',
      'train[cnn,mfcc].resources.cpus=2',
      'train.retries=1',
      'mfcc.rowErrors=skip',
    ];
    const pipeline = await plan(train, { set });
    expect(instance(pipeline, 'train[cnn,mfcc]')).toMatchObject({
      timeoutSeconds: 300,
      retries: 1,
      resources: { cpus: 2 },
    });
    expect(instance(pipeline, 'train[lstm,mfcc]')).toMatchObject({
      timeoutSeconds: 300,
      resources: { cpus: 1 },
    });
    expect(instance(pipeline, 'mfcc').rowErrors).toBe('skip');
  });

  it('sets any param of a command, and how it runs', async () => {
    const yaml = onBase`
      a: {run: score, with: {retries: 3}}
      b: {run: score}
    `;
    const pipeline = await plan(yaml, { set: ['a.retries=4', 'b.retries=5', 'b.level=6'] });
    expect(instance(pipeline, 'a')).toMatchObject({ retries: 0, uses: { params: { retries: 4 } } });
    expect(instance(pipeline, 'b')).toMatchObject({ retries: 5, uses: { params: { level: 6 } } });
  });

  it('leaves a value of the yaml strict', async () => {
    expect(
      await report(onBase`
      extra: {uses: ingest, with: {root: 48000}}
    `),
    ).toMatch('param root must be text, not 48000');
  });
});

describe('a profile', () => {
  const yaml = `${train}profiles:
  base:
    train.epochs: 10
    ingest.root: of-base
    mfcc.mels: 64
  demo:
    description: Small.
    extends: base
    ingest.root: of-demo
    train[cnn,mfcc].earlyStopping.patience: 2
    train.matrix.model: [cnn, random-forest]
    stages:
      audio: {with: {trimDb: null}, retries: 3}
      mfcc: {with: {window: hamming}}
      extra: {uses: ingest, with: {root: more}}
      enc: null
  other:
    stages:
      ingest: {run: make-clips, outs: [clips]}
      mfcc: {uses: preprocess, in: {clips: "audio[16000]"}, with: {trimDb: 5}}
      audio: {matrix: {trimDb: [1, 2]}, in: {clips: ingest}}
      enc: {in: {clips: "audio[16000,1]"}}
`;

  it('sets params as --set does, over those it extends', async () => {
    const pipeline = await plan(yaml, { profile: 'demo' });
    expect(params(pipeline, 'ingest')).toEqual({ root: 'of-demo' });
    expect(params(pipeline, 'mfcc')).toEqual({ coefficients: 40, mels: 64, window: 'hamming' });
    expect(params(pipeline, 'train[cnn,mfcc]')).toMatchObject({
      epochs: 10,
      earlyStopping: { patience: 2, monitor: 'validationLoss' },
    });
  });

  it('is itself set over by --set', async () => {
    const pipeline = await plan(yaml, { profile: 'demo', set: ['train.epochs=1', 'ingest.root=mine'] });
    expect(params(pipeline, 'train[cnn,mfcc]').epochs).toBe(1);
    expect(params(pipeline, 'ingest').root).toBe('mine');
  });

  it('merges parts of stages, adds and removes stages, and sets the matrix', async () => {
    const pipeline = await plan(yaml, { profile: 'demo' });
    expect(names(pipeline)).toEqual([
      'ingest',
      'audio[48000]',
      'audio[16000]',
      'mfcc',
      'split',
      'train[cnn,mfcc]',
      'train[random-forest,mfcc]',
      'extra',
    ]);
    expect(instance(pipeline, 'audio[48000]')).toMatchObject({
      retries: 3,
      uses: { params: { trimDb: null } },
    });
  });

  it('drops the params of a kind that it replaces', async () => {
    const replaced = yaml.replace(
      'mfcc: {uses: features/mfcc,',
      'mfcc: {with: {mels: 20}, uses: features/mfcc,',
    );
    expect(params(await plan(replaced), 'mfcc').mels).toBe(20);
    const pipeline = await plan(
      replaced.replace(
        'clips: "audio[16000]"}, with: {trimDb: 5}',
        'clips: "audio[16000,2]"}, with: {trimDb: 5}',
      ),
      { profile: 'other' },
    );
    expect(params(pipeline, 'mfcc')).toEqual({ sampleRate: 16000, trimDb: 5, normalize: 'peak' });
    expect(instance(pipeline, 'ingest').uses).toMatchObject({
      type: 'command',
      command: 'make-clips',
      params: {},
    });
    expect(instance(pipeline, 'mfcc').inputs).toEqual({ clips: ['audio[16000,2]'] });
    expect(names(pipeline).filter((name) => name.startsWith('audio'))).toEqual([
      'audio[48000,1]',
      'audio[48000,2]',
      'audio[16000,1]',
      'audio[16000,2]',
    ]);
  });

  it('removes an entry of a map by null, but gives a param the value null', async () => {
    const nulls = `${onBase`
      made: {run: make}
      extra: {uses: ingest, in: {files: made}, with: {root: x}, timeout: 5m, resources: {cpus: 2, memory: 1GB}}
      clean: {uses: preprocess, in: {clips: extra}, with: {trimDb: 3}}
    `}profiles:
  p: {stages: {extra: {in: {files: null}, timeout: null, resources: {memory: null}}, clean: {with: {trimDb: null}}}}
`;
    const pipeline = await plan(nulls, { profile: 'p' });
    expect(instance(pipeline, 'extra')).toMatchObject({ inputs: {}, resources: { cpus: 2 } });
    expect(instance(pipeline, 'extra')).not.toHaveProperty('timeoutSeconds');
    expect(instance(pipeline, 'extra').resources).not.toHaveProperty('memory');
    expect(params(pipeline, 'clean').trimDb).toBeNull();
  });
});
