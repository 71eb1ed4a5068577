import { describe, expect, it } from '@jest/globals';
import { base, onBase, report, text } from './plan.ts';

describe('errors in --set', () => {
  it('no stage.param=value', async () => {
    const yaml = base;
    expect(
      await report(yaml, { set: ['audio', 'audio=3', '.trimDb=3', 'audio.=3', 'audio..x=3', 'au[dio.x=3'] }),
    ).toBe(text`
      --set audio: expected stage.param=value
        for example --set mfcc.coefficients=13
      --set audio=3: expected stage.param=value
        for example --set mfcc.coefficients=13
      --set .trimDb=3: expected stage.param=value
        for example --set mfcc.coefficients=13
      --set audio.=3: expected stage.param=value
        for example --set mfcc.coefficients=13
      --set audio..x=3: expected stage.param=value
        for example --set mfcc.coefficients=13
      --set au[dio.x=3: expected stage.param=value
        for example --set mfcc.coefficients=13
    `);
  });

  it('a list that is not closed', async () => {
    const yaml = base;
    expect(await report(yaml, { set: ['audio.trimDb=[1'] })).toBe(text`
      --set audio.trimDb=[1: not valid YAML: flow sequence must end with a ]
        quote text that begins with [ or {
    `);
  });

  it('an alias in a list', async () => {
    expect(await report(base, { set: ['audio.trimDb=[1, *a, "*b"]'] })).toBe(text`
      --set audio.trimDb=[1, *a, "*b"]: the alias names no anchor above it
        quote text that begins with [ or {
    `);
  });

  it('an unknown stage', async () => {
    const yaml = base;
    expect(await report(yaml, { set: ['mfc.coefficients=3', 'something.x=3'] })).toBe(text`
      --set mfc.coefficients=3: unknown stage mfc
        did you mean mfcc?
      --set something.x=3: unknown stage something
        stages: ingest, audio, mfcc, split
    `);
  });

  it('an unknown param', async () => {
    const yaml = base;
    expect(await report(yaml, { set: ['mfcc.coefs=3', 'audio.volume=3'] })).toBe(text`
      --set audio.volume=3: preprocess has no param volume
        params of preprocess: sampleRate, trimDb, normalize
      --set mfcc.coefs=3: features/mfcc has no param coefs
        did you mean coefficients?
    `);
  });

  it('an unknown instance', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, random-forest]}
        in: {features: mfcc, split: split}
    `;
    expect(await report(yaml, { set: ['train[lstm].epochs=3', 'mfcc[1].mels=3'] })).toBe(text`
      --set mfcc[1].mels=3: mfcc has no instance mfcc[1]
        mfcc has no matrix
      --set train[lstm].epochs=3: train has no instance train[lstm]
        instances: train[cnn], train[random-forest]
    `);
  });

  it('a param that no instance meant has', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, random-forest]}
        in: {features: mfcc, split: split}
    `;
    expect(await report(yaml, { set: ['train[cnn].trees=3', 'train.tres=3'] })).toBe(text`
      --set train[cnn].trees=3: train/cnn has no param trees
        params of train/cnn: epochs, learningRate, earlyStopping
      --set train.tres=3: no kind of train has a param tres
        did you mean trees?
    `);
  });

  it('wrong values', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, random-forest]}
        in: {features: mfcc, split: split}
    `;
    expect(
      await report(yaml, {
        set: ['train.epochs=soon', 'mfcc.window=hamm', 'split.testFraction=2', 'mfcc.mels=null'],
      }),
    ).toBe(text`
      --set mfcc.mels=null: param mels must be a number, not null
      --set mfcc.window=hamm: param window must be one of hann, hamming, rectangular, not "hamm"
        did you mean hann?
      --set split.testFraction=2: param testFraction must be less than 1, not 2
      --set train.epochs=soon: param epochs must be a number, not "soon"
    `);
  });

  it('params within params', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, random-forest]}
        in: {features: mfcc, split: split}
    `;
    expect(
      await report(yaml, {
        set: ['train.earlyStopping.patienc=3', 'train.epochs.x=3', 'train.earlyStopping.patience.x=3'],
      }),
    ).toBe(text`
      --set train.epochs.x=3: epochs of train is no map
      --set train.earlyStopping.patience.x=3: earlyStopping.patience of train is no map
      --set train.earlyStopping.patienc=3: param earlyStopping of train/cnn has no key patienc
        did you mean patience?
    `);
  });

  it('a value that the matrix gives', async () => {
    const yaml = base;
    expect(await report(yaml, { set: ['audio.sampleRate=8000', 'audio[48000].sampleRate=8000'] })).toBe(text`
      --set audio.sampleRate=8000: sampleRate of audio comes from its matrix
        set the values of audio.matrix.sampleRate
      --set audio[48000].sampleRate=8000: sampleRate of audio comes from its matrix
        set the values of audio.matrix.sampleRate
    `);
  });

  it('the matrix', async () => {
    const yaml = base;
    expect(
      await report(yaml, {
        set: ['audio.matrix.rate=[1]', 'mfcc.matrix.rate=[1]', 'audio.matrix.sampleRate=[]'],
      }),
    ).toBe(text`
      --set audio.matrix.rate=[1]: the matrix of audio has no key rate
        matrix keys of audio: sampleRate
      --set mfcc.matrix.rate=[1]: mfcc has no matrix
      --set audio.matrix.sampleRate=[]: matrix.sampleRate of audio must be a list of at least 1 entry, not an empty list
    `);
  });

  it('other keys of a stage', async () => {
    const yaml = base;
    expect(
      await report(yaml, {
        set: ['audio.with.trimDb=3', 'mfcc.uses=preprocess', 'mfcc.timeout=soon', 'mfcc.resources.cpu=3'],
      }),
    ).toBe(text`
      --set audio.with.trimDb=3: with is no param of audio but a key of the stage
        write audio.PARAM
      --set mfcc.uses=preprocess: uses is no param of mfcc but a key of the stage
        a profile can change it below stages:
      --set mfcc.resources.cpu=3: resources of mfcc has no key cpu
        did you mean cpus?
      --set mfcc.timeout=soon: timeout of mfcc must be a duration as in 30m or 1h30m
    `);
  });

  it('beside errors of the file, all at once', async () => {
    const yaml = onBase`
      a: {uses: features/mfc}
    `;
    expect(await report(yaml, { set: ['mfcc.coefs=3'] })).toBe(text`
      --set mfcc.coefs=3: features/mfcc has no param coefs
        did you mean coefficients?
      pipeline.yaml:6:13: unknown kind features/mfc
          a: {uses: features/mfc}
                    ^^^^^^^^^^^^
        did you mean features/mfcc?
    `);
  });
});
