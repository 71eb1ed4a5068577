import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadPipeline } from '../../../runner/config/index.ts';
import { PipelineError } from '../../../runner/errors.ts';
import { kinds, registry } from './kinds.ts';
import {
  base,
  instance,
  names,
  onBase,
  params,
  plan,
  problemsOf,
  report,
  reportOfFile,
  text,
} from './plan.ts';

/** The pipeline of the design, with an encoder that has no model yet. */
const whole = onBase`
  wav2vec2:
    uses: features/encoder
    in: {clips: "audio[16000]"}
    with: {model: null, layers: [last]}
    when: model
  train:
    uses: train/\${model}
    matrix: {model: [cnn, random-forest], features: [mfcc]}
    include: [{model: random-forest, features: wav2vec2}]
    in: {features: "\${features}", split: split}
    with: {epochs: 5}
  evaluate: {uses: evaluate, in: {models: "train[*]", split: split, baseline: wav2vec2}}
`;

describe('the plan', () => {
  it('has every instance after what it takes in', async () => {
    expect(names(await plan(whole, { set: ['wav2vec2.model=folder'] }))).toEqual([
      'ingest',
      'audio[48000]',
      'audio[16000]',
      'mfcc',
      'split',
      'wav2vec2',
      'train[cnn,mfcc]',
      'train[random-forest,mfcc]',
      'train[random-forest,wav2vec2]',
      'evaluate',
    ]);
  });

  it('is in the order of the yaml where the inputs leave it open', async () => {
    const yaml = text`
      stages:
        last: {uses: preprocess, in: {clips: first}}
        b: {uses: preprocess, in: {clips: first}}
        a: {uses: ingest}
        first: {uses: ingest}
        c: {uses: preprocess, in: {clips: a}}
    `;
    expect(names(await plan(yaml))).toEqual(['a', 'first', 'last', 'b', 'c']);
  });

  it('gives defaults, and the resources that the kind asks for', async () => {
    const pipeline = await plan(whole, { set: ['wav2vec2.model=folder'] });
    expect(instance(pipeline, 'mfcc')).toEqual({
      name: 'mfcc',
      stage: 'mfcc',
      values: [],
      uses: {
        type: 'kind',
        name: 'features/mfcc',
        kind: kinds.find(({ name }) => name === 'features/mfcc'),
        params: { coefficients: 40, mels: 40, window: 'hann' },
      },
      inputs: { clips: ['audio[48000]'] },
      resources: { cpus: 1 },
      retries: 0,
      rowErrors: 'fail',
      place: { file: 'pipeline.yaml', line: 4, column: 3, endColumn: 7 },
    });
    expect(instance(pipeline, 'audio[16000]').resources).toEqual({ cpus: 'all' });
    expect(instance(pipeline, 'wav2vec2').resources).toEqual({ cpus: 2, memory: 2e9 });
  });

  it('reads how a stage runs', async () => {
    const pipeline = await plan(onBase`
      extra:
        uses: ingest
        resources: {cpus: 4, memory: 512MiB}
        timeout: 1h30m
        retries: 2
        rowErrors: skip
        description: More clips.
    `);
    expect(instance(pipeline, 'extra')).toMatchObject({
      resources: { cpus: 4, memory: 512 * 2 ** 20 },
      timeoutSeconds: 5400,
      retries: 2,
      rowErrors: 'skip',
    });
  });

  it('knows the families of kinds', async () => {
    const pipeline = await plan(whole, { set: ['wav2vec2.model=folder'] });
    expect(Object.fromEntries(pipeline.families)).toEqual({
      ingest: ['ingest'],
      preprocess: ['audio[48000]', 'audio[16000]'],
      features: ['mfcc', 'wav2vec2'],
      train: ['train[cnn,mfcc]', 'train[random-forest,mfcc]', 'train[random-forest,wav2vec2]'],
      evaluate: ['evaluate'],
    });
  });

  it('names file, profile and cache', async () => {
    const yaml = `cache: s3://bucket/all\n${base}profiles:\n  demo: {cache: s3://bucket/demo}\n`;
    expect(await plan(yaml)).toMatchObject({ file: 'pipeline.yaml', cache: 's3://bucket/all' });
    expect(await plan(yaml, { profile: 'demo' })).toMatchObject({
      profile: 'demo',
      cache: 's3://bucket/demo',
    });
    expect(await plan(base)).not.toHaveProperty('cache');
    expect(await plan(base)).not.toHaveProperty('profile');
  });

  it('loads each kind once', async () => {
    const loaded: string[] = [];
    const all = registry();
    const counting = {
      ...all,
      load: (name: string) => {
        loaded.push(name);
        return all.load(name);
      },
    };
    await plan(whole, { kinds: counting });
    expect(loaded.sort()).toEqual([
      'evaluate',
      'features/encoder',
      'features/mfcc',
      'ingest',
      'preprocess',
      'train/cnn',
      'train/random-forest',
      'train/split',
    ]);
  });

  it('hands on what is wrong with the code of a kind, with its own place', async () => {
    const place = { file: 'stages/ingest/index.ts', line: 9, column: 2 };
    const faulty = {
      ...registry(),
      load: () => Promise.reject(new PipelineError([{ message: 'expected ;', place }], 2)),
    };
    const yaml = 'stages:\n  ingest: {uses: ingest, wiht: 3}\n  a: {uses: ingest}\n  b: {uses: ingest}\n';
    expect(await problemsOf(yaml, { kinds: faulty })).toMatchObject([
      { message: 'ingest has no key wiht' },
      { message: 'expected ;', place },
    ]);
  });

  it('says why a kind cannot be loaded', async () => {
    const broken = {
      ...registry(),
      load: () => Promise.reject(new Error('stages/ingest/index.ts:3:1: expected ;')),
    };
    expect(await report('stages:\n  ingest: {uses: ingest}\n', { kinds: broken })).toBe(text`
      pipeline.yaml:2:18: kind ingest cannot be loaded: stages/ingest/index.ts:3:1: expected ;
          ingest: {uses: ingest}
                         ^^^^^^
    `);
  });
});

describe('inputs', () => {
  it('are one instance, several by a pattern, or a list without repetition', async () => {
    const pipeline = await plan(onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, lstm], features: ["audio[48000]", mfcc]}
        in: {features: "\${features}", split: split}
      all: {uses: evaluate, in: {models: train, split: split}}
      cnn: {uses: evaluate, in: {models: "train[cnn,*]", split: split}}
      some: {uses: evaluate, in: {models: ["train[*,mfcc]", "train[cnn,audio[48000]]", "train[cnn,*]"], split: split}}
      one: {uses: evaluate, in: {models: ["ingest[*]"], split: "split[*]"}}
    `);
    const [cnnAudio, cnnMfcc, lstmAudio, lstmMfcc] = [
      'train[cnn,audio[48000]]',
      'train[cnn,mfcc]',
      'train[lstm,audio[48000]]',
      'train[lstm,mfcc]',
    ];
    expect(instance(pipeline, 'all').inputs.models).toEqual([cnnAudio, cnnMfcc, lstmAudio, lstmMfcc]);
    expect(instance(pipeline, 'cnn').inputs.models).toEqual([cnnAudio, cnnMfcc]);
    expect(instance(pipeline, 'some').inputs.models).toEqual([cnnMfcc, lstmMfcc, cnnAudio]);
    expect(instance(pipeline, 'one').inputs).toEqual({ models: ['ingest'], split: ['split'] });
  });

  it('of a source may be the files of another stage', async () => {
    const pipeline = await plan(onBase`
      made: {run: make-clips, outs: [clips]}
      extra: {uses: ingest, in: {files: made}}
    `);
    expect(instance(pipeline, 'extra').inputs).toEqual({ files: ['made'] });
  });

  it('may be absent where they are optional', async () => {
    const pipeline = await plan(onBase`
      a: {uses: evaluate, in: {models: [mfcc], split: split, baseline: null}}
      b: {uses: evaluate, in: {models: [mfcc], split: split, baseline: mfcc}}
    `);
    expect(instance(pipeline, 'a').inputs).toEqual({ models: ['mfcc'], split: ['split'] });
    expect(instance(pipeline, 'b').inputs).toEqual({
      models: ['mfcc'],
      split: ['split'],
      baseline: ['mfcc'],
    });
  });

  it('reach only the instances whose kind has them', async () => {
    const pipeline = await plan(onBase`
      mixed: {uses: "\${kind}", matrix: {kind: [features/mfcc, train/cnn]}, in: {clips: ingest, features: mfcc, split: split}}
    `);
    expect(instance(pipeline, 'mixed[features/mfcc]').inputs).toEqual({ clips: ['ingest'] });
    expect(instance(pipeline, 'mixed[train/cnn]').inputs).toEqual({ features: ['mfcc'], split: ['split'] });
  });
});

describe('a command', () => {
  it('takes any params and inputs, and the values of its matrix', async () => {
    const pipeline = await plan(onBase`
      score:
        run: python score.py \${level} $\${HOME} $HOME
        matrix: {level: [1, two]}
        in: {clips: "audio[*]", features: mfcc}
        with: {mode: "level-\${level}", deep: {list: [1, "\${level}"]}}
        deps: ["score-\${level}.py"]
        outs: ["\${level}/scores.csv"]
    `);
    expect(instance(pipeline, 'score[1]')).toMatchObject({
      uses: {
        type: 'command',
        command: 'python score.py 1 ${HOME} $HOME',
        params: { level: 1, mode: 'level-1', deep: { list: [1, 1] } },
        deps: ['score-1.py'],
        outs: ['1/scores.csv'],
      },
      inputs: { clips: ['audio[48000]', 'audio[16000]'], features: ['mfcc'] },
    });
    expect(params(pipeline, 'score[two]')).toEqual({
      level: 'two',
      mode: 'level-two',
      deep: { list: [1, 'two'] },
    });
  });

  it('is left out by when, as a kind is', async () => {
    const yaml = onBase`
      score: {run: score, with: {model: null}, when: model}
      table: {run: table, in: {scores: score}}
      list: {run: list, in: {scores: [score, mfcc]}}
    `;
    const pipeline = await plan(yaml);
    expect(pipeline.leftOut).toEqual([
      { name: 'score', reason: 'param model is null' },
      { name: 'table', reason: 'needs score, which is left out' },
    ]);
    expect(instance(pipeline, 'list').inputs).toEqual({ scores: ['mfcc'] });
    expect(names(await plan(yaml, { set: ['score.model=x'] }))).toContain('table');
  });
});

describe('when', () => {
  it('leaves out the stage and what needs it, and says why', async () => {
    const pipeline = await plan(whole);
    expect(pipeline.leftOut).toEqual([
      { name: 'wav2vec2', reason: 'param model is null' },
      { name: 'train[random-forest,wav2vec2]', reason: 'needs wav2vec2, which is left out' },
    ]);
    expect(instance(pipeline, 'evaluate').inputs).toEqual({
      models: ['train[cnn,mfcc]', 'train[random-forest,mfcc]'],
      split: ['split'],
    });
  });

  it('leaves out a list of which nothing remains', async () => {
    const pipeline = await plan(onBase`
      enc: {uses: features/encoder, in: {clips: "audio[\${rate}]"}, matrix: {rate: [48000, 16000]}, when: model}
      evaluate: {uses: evaluate, in: {models: enc, split: split}}
    `);
    expect(pipeline.leftOut).toEqual([
      { name: 'enc[48000]', reason: 'param model is null' },
      { name: 'enc[16000]', reason: 'param model is null' },
      { name: 'evaluate', reason: 'needs one of enc[48000], enc[16000], which are all left out' },
    ]);
  });

  it('reads the value after profile and --set, for each instance', async () => {
    const yaml = onBase`
      enc: {uses: features/encoder, in: {clips: "audio[\${rate}]"}, matrix: {rate: [48000, 16000]}, when: model}
    `;
    const withProfile = `${yaml}profiles:\n  demo: {enc.model: tiny}\n`;
    expect((await plan(withProfile, { profile: 'demo' })).leftOut).toEqual([]);
    const partly = await plan(withProfile, { profile: 'demo', set: ['enc[48000].model=null'] });
    expect(partly.leftOut).toEqual([{ name: 'enc[48000]', reason: 'param model is null' }]);
  });
});

describe('the file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipeline-config-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('is read and named as given', async () => {
    const file = join(folder, 'pipeline.yaml');
    await writeFile(file, base);
    const result = await loadPipeline({ file, set: [], kinds: registry() });
    expect(result.ok && result.value.file).toBe(file);
  });

  it('may not be there', async () => {
    const file = join(folder, 'other.yaml');
    expect(await reportOfFile(file)).toBe(text`
      ${file}: there is no such file
        run in the folder that has pipeline.yaml, or name it with -f FILE
    `);
  });

  it('may be a folder', async () => {
    expect(await reportOfFile(folder)).toBe(text`
      ${folder}: cannot be read: it is a folder
        name a pipeline.yaml with -f FILE
    `);
  });

  it('may share parts by aliases and merges', async () => {
    const pipeline = await plan(text`
      x-common: &common {retries: 2, timeout: 5m, rowErrors: skip}
      stages:
        ingest: &ingest {uses: ingest, <<: *common, retries: 1}
        again: *ingest
        third: {<<: [*ingest, {retries: 9, resources: {cpus: 3}}]}
    `);
    const shared = { retries: 1, timeoutSeconds: 300, rowErrors: 'skip' };
    expect(instance(pipeline, 'ingest')).toMatchObject(shared);
    expect(instance(pipeline, 'again')).toMatchObject(shared);
    expect(instance(pipeline, 'third')).toMatchObject({ ...shared, resources: { cpus: 3 } });
  });

  it('cannot blow up by aliases of aliases', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `  l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const yaml = `x-bomb:\n  l0: &l0 [1]\n${levels.join('\n')}\nstages: {ingest: {uses: ingest}}\n`;
    expect(await report(yaml)).toMatch(/^pipeline\.yaml:\d+:\d+: too many values through aliases\n/);
  });
});
