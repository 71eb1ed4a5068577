import { describe, expect, it } from '@jest/globals';
import { onBase, report, text } from './plan.ts';

describe('errors in params', () => {
  it('unknown params', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc, in: {clips: ingest}, with: {coefs: 3, something: 4}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:56: features/mfcc has no param coefs
          a: {uses: features/mfcc, in: {clips: ingest}, with: {coefs: 3, something: 4}}
                                                               ^^^^^
        did you mean coefficients?
      pipeline.yaml:6:66: features/mfcc has no param something
          a: {uses: features/mfcc, in: {clips: ingest}, with: {coefs: 3, something: 4}}
                                                                         ^^^^^^^^^
        params of features/mfcc: coefficients, mels, window
    `);
  });

  it('a param that no kind of the stage has', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, random-forest]}
        in: {features: mfcc, split: split}
        with: {epochs: 3, trees: 10, tres: 10}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:10:34: no kind of train has a param tres
            with: {epochs: 3, trees: 10, tres: 10}
                                         ^^^^
        did you mean trees?
    `);
  });

  it('wrong types', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc, in: {clips: ingest}, with: {coefficients: 1.5, mels: x, window: 3}}
      b: {uses: ingest, with: {root: 3}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:70: param coefficients must be an integer, not 1.5
          a: {uses: features/mfcc, in: {clips: ingest}, with: {coefficients: 1.5, mels: x, window: 3}}
                                                                             ^^^
      pipeline.yaml:6:81: param mels must be a number, not "x"
        ngest}, with: {coefficients: 1.5, mels: x, window: 3}}
                                                ^
      pipeline.yaml:6:92: param window must be one of hann, hamming, rectangular, not 3
        h: {coefficients: 1.5, mels: x, window: 3}}
                                                ^
      pipeline.yaml:7:34: param root must be text, not 3
          b: {uses: ingest, with: {root: 3}}
                                         ^
    `);
  });

  it('values out of range', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc, in: {clips: ingest}, with: {coefficients: 0, window: han}}
      b: {uses: train/split, in: {clips: ingest}, with: {testFraction: 1}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:70: param coefficients must be at least 1, not 0
          a: {uses: features/mfcc, in: {clips: ingest}, with: {coefficients: 0, window: han}}
                                                                             ^
      pipeline.yaml:6:81: param window must be one of hann, hamming, rectangular, not "han"
        ngest}, with: {coefficients: 0, window: han}}
                                                ^^^
        did you mean hann?
      pipeline.yaml:7:68: param testFraction must be less than 1, not 1
          b: {uses: train/split, in: {clips: ingest}, with: {testFraction: 1}}
                                                                           ^
    `);
  });

  it('a param not given', async () => {
    const yaml = onBase`
      a: {uses: features/encoder, in: {clips: ingest}}
      b: {uses: features/encoder, in: {clips: ingest}, with: {pool: none}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:3: param model is missing: it must be text
          a: {uses: features/encoder, in: {clips: ingest}}
          ^
      pipeline.yaml:7:52: param model is missing: it must be text
          b: {uses: features/encoder, in: {clips: ingest}, with: {pool: none}}
                                                           ^^^^
    `);
  });

  it('null where no null may be', async () => {
    const yaml = onBase`
      a: {uses: features/mfcc, in: {clips: ingest}, with: {mels: null}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:56: param mels must be a number, not null
          a: {uses: features/mfcc, in: {clips: ingest}, with: {mels: null}}
                                                               ^^^^
    `);
  });

  it('choices of several types', async () => {
    const yaml = onBase`
      a: {uses: features/encoder, in: {clips: ingest}, with: {model: m, layers: al}}
      b: {uses: features/encoder, in: {clips: ingest}, with: {model: m, layers: [1, lst]}}
      c: {uses: features/encoder, in: {clips: ingest}, with: {model: m, layers: []}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:77: param layers must be "all" or a list, not "al"
          a: {uses: features/encoder, in: {clips: ingest}, with: {model: m, layers: al}}
                                                                                    ^^
      pipeline.yaml:7:81: param layers[1] must be a number or "last", not "lst"
        : ingest}, with: {model: m, layers: [1, lst]}}
                                                ^^^
      pipeline.yaml:8:77: param layers must be a list of at least 1 entry, not an empty list
          c: {uses: features/encoder, in: {clips: ingest}, with: {model: m, layers: []}}
                                                                                    ^^
    `);
  });

  it('params within params', async () => {
    const yaml = onBase`
      a:
        uses: train/cnn
        in: {features: mfcc, split: split}
        with:
          earlyStopping: {patiance: 3, patience: soon}
          learningRate: 0
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:10:7: param earlyStopping.monitor is missing: it must be text
              earlyStopping: {patiance: 3, patience: soon}
              ^^^^^^^^^^^^^
      pipeline.yaml:10:23: param earlyStopping of train/cnn has no key patiance
              earlyStopping: {patiance: 3, patience: soon}
                              ^^^^^^^^
        did you mean patience?
      pipeline.yaml:10:46: param earlyStopping.patience must be a number, not "soon"
              earlyStopping: {patiance: 3, patience: soon}
                                                     ^^^^
      pipeline.yaml:11:21: param learningRate must be more than 0, not 0
              learningRate: 0
                            ^
    `);
  });

  it('the same fault in every instance, once', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, lstm]}
        in: {features: mfcc, split: split}
        with: {epochs: 0}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:10:20: param epochs must be at least 1, not 0
            with: {epochs: 0}
                           ^
    `);
  });

  it('a value of the matrix', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [16000, fast]}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:75: param sampleRate must be a number, not "fast"
          a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [16000, fast]}}
                                                                                  ^^^^
    `);
  });

  it('a value by a variable', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {level: [20, loud]}, with: {trimDb: "\${level}"}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:67: param trimDb must be a number, not "loud"
          a: {uses: preprocess, in: {clips: ingest}, matrix: {level: [20, loud]}, with: {trimDb: "\${level}"}
                                                                          ^^^^
    `);
  });

  it('when of a param that is not there', async () => {
    const yaml = onBase`
      a: {uses: features/encoder, in: {clips: ingest}, when: modle}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:58: features/encoder has no param modle
          a: {uses: features/encoder, in: {clips: ingest}, when: modle}
                                                                 ^^^^^
        did you mean model?
    `);
  });

  it('when of a param that a command is not given', async () => {
    const yaml = onBase`
      a: {run: score, with: {model: x}, when: modle}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:43: a has no param modle
          a: {run: score, with: {model: x}, when: modle}
                                                  ^^^^^
        did you mean model?
    `);
  });

  it('other params of a stage that is left out', async () => {
    const yaml = onBase`
      a: {uses: features/encoder, in: {clips: ingest}, with: {model: null, pool: max}, when: model}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:78: param pool must be one of mean, none, not "max"
          a: {uses: features/encoder, in: {clips: ingest}, with: {model: null, pool: max}, when: model}
                                                                                     ^^^
    `);
  });
});
