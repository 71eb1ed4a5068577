import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { jsonSchema } from '../../../runner/config/index.ts';
import { kinds } from './kinds.ts';
import { onBase, plan, report } from './plan.ts';

const schema = jsonSchema(kinds);
const validate = new Ajv({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
}).compile(schema);

/** The places that the schema refuses, as JSON pointers. */
function refused(yaml: string): string[] {
  validate(parse(yaml, { merge: true }));
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))];
}

const everything = `x-note: anything
cache: s3://bucket/prefix
${onBase`
  enc:
    description: Embeddings.
    uses: features/encoder
    in: {clips: "audio[16000]"}
    with: {model: null, layers: [1, last]}
    when: model
    resources: {cpus: all, memory: 2GB}
    timeout: 30m
    retries: 2
    rowErrors: skip
  levels: {uses: preprocess, in: {clips: ingest}, matrix: {level: [10, 20]}, with: {trimDb: "\${level}"}}
  train:
    uses: "train/\${model}"
    matrix: {model: [cnn, lstm, random-forest], features: [mfcc]}
    include: [{model: random-forest, features: enc}]
    exclude: [{model: lstm}]
    in: {features: "\${features}", split: split}
    with: {epochs: 3}
  stop: {uses: train/cnn, in: {features: mfcc, split: split}, with: {earlyStopping: null, learningRate: 0.1}}
  halt: {uses: train/cnn, in: {features: mfcc, split: split}, with: {earlyStopping: {patience: 3, monitor: loss}}}
  evaluate: {uses: evaluate, in: {models: ["train[*]", stop, halt], split: split, baseline: null}}
  copy: {run: "cp a b", deps: [a], outs: [b], in: {report: evaluate}, with: {any: [1, {a: b}]}}
`}profiles:
  base: {ingest.root: x, "train[cnn,mfcc].epochs": 3, train.matrix.model: [cnn, random-forest]}
  demo:
    extends: base
    description: Small.
    cache: s3://other
    stages: {copy: null, mfcc: {with: {mels: 20}, retries: null}, extra: {uses: ingest}}
`;

describe('the JSON Schema', () => {
  it('takes what the runner takes', async () => {
    await plan(everything);
    await plan(everything, { profile: 'demo' });
    expect(refused(everything)).toEqual([]);
  });

  it.each([
    ['an unknown key of the file', 'stages: {a: {uses: ingest}}\nprofils: {}', ['']],
    ['no stages', 'profiles: {}', ['']],
    ['an unknown key of a stage', 'stages: {a: {uses: ingest, wiht: {}}}', ['/stages/a']],
    ['an unknown kind', 'stages: {a: {uses: ingst}}', ['/stages/a/uses']],
    ['neither kind nor command', 'stages: {a: {with: {}}}', ['/stages/a']],
    ['both kind and command', 'stages: {a: {uses: ingest, run: ls}}', ['/stages/a']],
    ['an unknown param', 'stages: {a: {uses: ingest, with: {rot: x}}}', ['/stages/a/with']],
    [
      'a wrong param',
      'stages: {a: {uses: ingest, with: {root: 3}}}',
      ['/stages/a/with/root', '/stages/a/with'],
    ],
    ['an unknown input', 'stages: {a: {uses: preprocess, in: {clip: b}}}', ['/stages/a/in']],
    [
      'a wrong input',
      'stages: {a: {uses: preprocess, in: {clips: 3}}}',
      ['/stages/a/in/clips', '/stages/a/in'],
    ],
    ['a wrong rowErrors', 'stages: {a: {uses: ingest, rowErrors: skp}}', ['/stages/a/rowErrors']],
    [
      'a profile’s key without a dot',
      'stages: {a: {uses: ingest}}\nprofiles: {p: {root: x}}',
      ['/profiles/p'],
    ],
    [
      'a profile’s wrong part',
      'stages: {a: {uses: ingest}}\nprofiles: {p: {stages: {a: {wiht: {}}}}}',
      ['/profiles/p/stages/a'],
    ],
  ])('refuses %s, as the runner does', async (_, yaml, places) => {
    expect(await report(yaml)).not.toBe('');
    expect(refused(yaml)).toEqual(expect.arrayContaining(places));
  });

  it('says what each key, kind and param is for', () => {
    expect(schema).toMatchObject({
      definitions: {
        stage: {
          properties: {
            uses: {
              description: 'The kind: its folder below stages/, as in features/mfcc.',
              anyOf: expect.arrayContaining([{ const: 'features/mfcc', description: 'MFCC.' }]),
            },
          },
        },
        'params of features/mfcc': {
          description: 'MFCC.',
          properties: { coefficients: { default: 40, description: 'MFCC a frame.' } },
        },
      },
    });
  });

  it('is the same however the kinds are ordered', () => {
    expect(JSON.stringify(jsonSchema(kinds.toReversed()))).toBe(JSON.stringify(schema));
  });
});
