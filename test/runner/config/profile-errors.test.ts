import { describe, expect, it } from '@jest/globals';
import { base, report, text } from './plan.ts';

describe('errors in profiles', () => {
  it('an unknown profile', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        demo: {ingest.root: demo}
    `;
    expect(await report(yaml, { profile: 'dmo' })).toBe(text`
      --profile dmo: unknown profile dmo
        did you mean demo?
    `);
  });

  it('a profile where there are none', async () => {
    const yaml = base;
    expect(await report(yaml, { profile: 'demo' })).toBe(text`
      --profile demo: unknown profile demo
        there are no profiles
    `);
  });

  it('profiles that are not chosen', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        a: 3
        b: {extends: bse, root: x, mfc.mels: 3, stages: {mfcc: {wiht: {}}, audio: 3}}
        c: {extends: [d], stages: [audio]}
        d: {extends: dd, ingst.root: x, root: x, stages: {mfcc: {wiht: {}}}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:7:6: profile a must be a map, not 3
          a: 3
             ^
      pipeline.yaml:8:16: unknown profile bse
          b: {extends: bse, root: x, mfc.mels: 3, stages: {mfcc: {wiht: {}}, audio: 3}}
                       ^^^
        other profiles: a, c, d
      pipeline.yaml:8:21: root in profile b is no stage.param
          b: {extends: bse, root: x, mfc.mels: 3, stages: {mfcc: {wiht: {}}, audio: 3}}
                            ^^^^
        write stage.param: value, or parts of stages below stages:
      pipeline.yaml:8:30: unknown stage mfc
          b: {extends: bse, root: x, mfc.mels: 3, stages: {mfcc: {wiht: {}}, audio: 3}}
                                     ^^^^^^^^
        did you mean mfcc?
      pipeline.yaml:8:59: mfcc has no key wiht
          b: {extends: bse, root: x, mfc.mels: 3, stages: {mfcc: {wiht: {}}, audio: 3}}
                                                                  ^^^^
        did you mean with?
      pipeline.yaml:8:77: stages.audio of profile b must be a map, not 3
          b: {extends: bse, root: x, mfc.mels: 3, stages: {mfcc: {wiht: {}}, audio: 3}}
                                                                                    ^
      pipeline.yaml:9:16: extends of profile c must be text, not a list
          c: {extends: [d], stages: [audio]}
                       ^^^
      pipeline.yaml:9:29: stages of profile c must be a map, not a list
          c: {extends: [d], stages: [audio]}
                                    ^^^^^^^
      pipeline.yaml:10:16: unknown profile dd
          d: {extends: dd, ingst.root: x, root: x, stages: {mfcc: {wiht: {}}}}
                       ^^
        other profiles: a, b, c
      pipeline.yaml:10:20: unknown stage ingst
          d: {extends: dd, ingst.root: x, root: x, stages: {mfcc: {wiht: {}}}}
                           ^^^^^^^^^^
        did you mean ingest?
      pipeline.yaml:10:35: root in profile d is no stage.param
          d: {extends: dd, ingst.root: x, root: x, stages: {mfcc: {wiht: {}}}}
                                          ^^^^
        write stage.param: value, or parts of stages below stages:
      pipeline.yaml:10:60: mfcc has no key wiht
          d: {extends: dd, ingst.root: x, root: x, stages: {mfcc: {wiht: {}}}}
                                                                   ^^^^
        did you mean with?
    `);
  });

  it('profiles that extend each other', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        a: {extends: b}
        b: {extends: a}
    `;
    expect(await report(yaml, { profile: 'a' })).toBe(text`
      pipeline.yaml:8:16: profiles extend each other: a → b → a
          b: {extends: a}
                       ^
    `);
  });

  it('an unknown param', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        demo: {mfcc.coefs: 3}
    `;
    expect(await report(yaml, { profile: 'demo' })).toBe(text`
      pipeline.yaml:7:10: features/mfcc has no param coefs
          demo: {mfcc.coefs: 3}
                 ^^^^^^^^^^
        did you mean coefficients?
    `);
  });

  it('a wrong value', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        demo: {mfcc.window: 3}
    `;
    expect(await report(yaml, { profile: 'demo' })).toBe(text`
      pipeline.yaml:7:23: param window must be one of hann, hamming, rectangular, not 3
          demo: {mfcc.window: 3}
                              ^
    `);
  });

  it('a stage that it removes and others need', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        demo: {stages: {audio: null}}
    `;
    expect(await report(yaml, { profile: 'demo' })).toBe(text`
      pipeline.yaml:4:43: unknown stage audio
          mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
                                                  ^^^^^^^^^^^^^^
        the profile removes audio
    `);
  });

  it('--set of a stage that it removes', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        demo: {stages: {mfcc: null}}
    `;
    expect(await report(yaml, { profile: 'demo', set: ['mfcc.mels=3'] })).toBe(text`
      --set mfcc.mels=3: unknown stage mfcc
        the profile removes mfcc
    `);
  });

  it('a part of a stage that is not there', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
        mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
        split: {uses: train/split, in: {clips: ingest}}
      profiles:
        demo: {stages: {mfc: {with: {mels: 3}}}}
    `;
    expect(await report(yaml, { profile: 'demo' })).toBe(text`
      pipeline.yaml:7:19: mfc has neither uses nor run
          demo: {stages: {mfc: {with: {mels: 3}}}}
                          ^^^
        did you mean mfcc?
    `);
  });
});
