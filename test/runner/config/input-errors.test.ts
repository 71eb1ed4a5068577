import { describe, expect, it } from '@jest/globals';
import { onBase, report, text } from './plan.ts';

describe('errors in the inputs of a stage', () => {
  it('an unknown stage', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingst}}
      b: {uses: preprocess, in: {clips: something}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:37: unknown stage ingst
          a: {uses: preprocess, in: {clips: ingst}}
                                            ^^^^^
        did you mean ingest?
      pipeline.yaml:7:37: unknown stage something
          b: {uses: preprocess, in: {clips: something}}
                                            ^^^^^^^^^
        stages: ingest, audio, mfcc, split, a, b
    `);
  });

  it('an unknown instance', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: "audio[44100]"}}
      b: {uses: preprocess, in: {clips: "audio[48000,1]"}}
      c: {uses: preprocess, in: {clips: "ingest[1]"}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:37: audio has no instance audio[44100]
          a: {uses: preprocess, in: {clips: "audio[44100]"}}
                                            ^^^^^^^^^^^^^^
        instances: audio[48000], audio[16000]
      pipeline.yaml:7:37: audio has no instance audio[48000,1]
          b: {uses: preprocess, in: {clips: "audio[48000,1]"}}
                                            ^^^^^^^^^^^^^^^^
        instances: audio[48000], audio[16000]
      pipeline.yaml:8:37: ingest has no instance ingest[1]
          c: {uses: preprocess, in: {clips: "ingest[1]"}}
                                            ^^^^^^^^^^^
        ingest has no matrix
    `);
  });

  it('a malformed reference', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: "audio[48000"}}
      b: {uses: preprocess, in: {clips: ""}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:37: audio[48000 names no stage
          a: {uses: preprocess, in: {clips: "audio[48000"}}
                                            ^^^^^^^^^^^^^
        write a stage, an instance as in audio[48000], or all of them as in train[*]
      pipeline.yaml:7:37: an empty text names no stage
          b: {uses: preprocess, in: {clips: ""}}
                                            ^^
        write a stage, an instance as in audio[48000], or all of them as in train[*]
    `);
  });

  it('many for one', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc, in: {clips: audio}}
      b: {uses: features/mfcc, in: {clips: [ingest, mfcc]}}
      c: {uses: features/mfcc, in: {clips: []}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:40: input clips of features/mfcc takes one artifact, but audio has 2 instances
          a: {uses: features/mfcc, in: {clips: audio}}
                                               ^^^^^
        name one of them: audio[48000], audio[16000]
      pipeline.yaml:7:40: input clips of features/mfcc takes one artifact, but 2 are given
          b: {uses: features/mfcc, in: {clips: [ingest, mfcc]}}
                                               ^^^^^^^^^^^^^^
        name one of them: ingest, mfcc
      pipeline.yaml:8:40: input clips of features/mfcc takes one artifact, but none is given
          c: {uses: features/mfcc, in: {clips: []}}
                                               ^^
    `);
  });

  it('none for many', async () => {
    const yaml = onBase`
      a: {uses: evaluate, in: {models: [], split: split}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:36: input models of evaluate needs at least one artifact
          a: {uses: evaluate, in: {models: [], split: split}}
                                           ^^
    `);
  });

  it('an input not given', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc}
      b: {uses: evaluate, in: {models: [mfcc]}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:3: features/mfcc needs an input clips
          a: {uses: features/mfcc}
          ^
        add in: {clips: STAGE}
      pipeline.yaml:7:23: evaluate needs an input split
          b: {uses: evaluate, in: {models: [mfcc]}}
                              ^^
        add in: {split: STAGE}
    `);
  });

  it('an input misspelt', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc, in: {clip: ingest}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:33: features/mfcc has no input clip
          a: {uses: features/mfcc, in: {clip: ingest}}
                                        ^^^^
        did you mean clips?
    `);
  });

  it('an input too many', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc, in: {clips: ingest, labels: split}}
      b: {uses: ingest, in: {clips: mfcc}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:48: features/mfcc has no input labels
          a: {uses: features/mfcc, in: {clips: ingest, labels: split}}
                                                       ^^^^^^
        inputs of features/mfcc: clips
      pipeline.yaml:7:26: ingest has no input clips
          b: {uses: ingest, in: {clips: mfcc}}
                                 ^^^^^
        inputs of ingest: files
    `);
  });

  it('an input that no kind of the stage has', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, random-forest]}
        in: {features: mfcc, split: split, labels: split}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:9:40: no kind of train has an input labels
            in: {features: mfcc, split: split, labels: split}
                                               ^^^^^^
        inputs of train: features, split
    `);
  });

  it('several instances for an input of a command', async () => {
    const yaml = onBase`
      a: {run: score, in: {audio: audio, both: "audio[*]", one: mfcc}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:31: input audio of the command takes one artifact, but audio has 2 instances
          a: {run: score, in: {audio: audio, both: "audio[*]", one: mfcc}}
                                      ^^^^^
        name one of them: audio[48000], audio[16000]
    `);
  });

  it('a value of the matrix that names no stage', async () => {
    const yaml = onBase`
      train:
        uses: train/cnn
        matrix: {features: [mfcc, wav2vec2]}
        in: {features: "\${features}", split: split}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:8:31: unknown stage wav2vec2
            matrix: {features: [mfcc, wav2vec2]}
                                      ^^^^^^^^
        stages: ingest, audio, mfcc, split, train
    `);
  });

  it('cycles', async () => {
    const yaml = text`
      stages:
        a: {uses: preprocess, in: {clips: c}}
        b: {uses: preprocess, in: {clips: a}}
        c: {uses: preprocess, in: {clips: b}}
        d: {uses: preprocess, in: {clips: d}}
        e: {uses: preprocess, in: {clips: a}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:25: stages need each other: a → b → c → a
          a: {uses: preprocess, in: {clips: c}}
                                ^^
        take one of these inputs away
      pipeline.yaml:5:25: stages need each other: d → d
          d: {uses: preprocess, in: {clips: d}}
                                ^^
        take one of these inputs away
    `);
  });

  it('a cycle of the instances of a matrix, once', async () => {
    const yaml = text`
      stages:
        a: {uses: preprocess, matrix: {sampleRate: [1, 2]}, in: {clips: "b[\${sampleRate}]"}}
        b: {uses: preprocess, matrix: {sampleRate: [1, 2]}, in: {clips: "a[\${sampleRate}]"}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:55: stages need each other: a[1] → b[1] → a[1]
          a: {uses: preprocess, matrix: {sampleRate: [1, 2]}, in: {clips: "b[\${sampleRate}]"}}
                                                              ^^
        take one of these inputs away
    `);
  });
});
