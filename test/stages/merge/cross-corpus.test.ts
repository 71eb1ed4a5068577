import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openInputArtifact } from '../../../runner/artifact/index.ts';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { demoCorpus } from '../../../stages/corpus/demo/index.ts';
import { ravdess } from '../../../stages/ingest/names/ravdess.ts';
import type { Labels } from '../../../stages/ingest/names/naming.ts';
import { Project } from '../../support/rig.ts';

const pipeline = `stages:
  acted: {uses: ingest, with: {root: data/acted, names: emo-db}}
  own: {uses: ingest, with: {root: data/own, names: table, corpus: own}}
  clips: {uses: merge, in: {tables: [acted, own]}}
  audio: {uses: preprocess, in: {clips: clips}, with: {sampleRate: 8000}}
  mfcc: {uses: features/mfcc, in: {clips: audio}, with: {coefficients: 13, mels: 20}}
  split: {uses: train/split, in: {clips: clips}, with: {kind: corpus}}
  train: {uses: train/random-forest, in: {features: mfcc, split: split}, with: {trees: 10}}
  evaluate: {uses: evaluate, in: {models: [train], split: split, clips: clips}, with: {resamples: 0}}
`;

/** Clips of synthetic speech with what RAVDESS's names say of them. */
function recordings(seed: number): { readonly labels: Labels; readonly content: Uint8Array }[] {
  return [...demoCorpus({ speakers: 4, clipsPerEmotion: 2, sampleRate: 8000, seed })].map(
    ({ name, content }) => {
      const parsed = ravdess.parse(name);
      if ('reason' in parsed) throw new Error(parsed.reason);
      return { labels: parsed.labels, content };
    },
  );
}

const letters = new Map([
  ['neutral', 'N'],
  ['happy', 'F'],
  ['sad', 'T'],
  ['angry', 'W'],
  // There is no calm in EMO-DB and no boredom in RAVDESS: here they sound alike.
  ['calm', 'L'],
]);
const actors = ['03', '08', '10', '13'];

async function writeActed(project: Project): Promise<number> {
  const chosen = recordings(1).filter(({ labels }) => letters.has(labels.emotion));
  for (const { labels, content } of chosen) {
    const text = labels.statement === 'kids' ? 'a01' : 'b01';
    const version = 'ab'[labels.repetition - 1];
    const name = `${actors[Number(labels.speaker) - 1]}${text}${letters.get(labels.emotion)}${version}.wav`;
    await project.write(`data/acted/wav/${name}`, content);
  }
  return chosen.length;
}

async function writeOwn(project: Project): Promise<number> {
  const words = new Map([
    ['neutral', 'Neutral'],
    ['happy', 'joy'],
    ['sad', 'sadness'],
    ['angry', 'anger'],
    ['fearful', 'fear'],
  ]);
  const chosen = recordings(2).filter(({ labels }) => words.has(labels.emotion));
  const lines = ['path,emotion,speaker'];
  for (const [index, { labels, content }] of chosen.entries()) {
    const path = `${labels.speaker}/${index}.wav`;
    await project.write(`data/own/${path}`, content);
    lines.push(`${path},${words.get(labels.emotion)},${labels.speaker}`);
  }
  await project.write('data/own/labels.csv', `${lines.join('\n')}\n`);
  return chosen.length;
}

function artifact(project: Project, stage: string): InputArtifact {
  const folder = project.path(`artifacts/${stage}`);
  const files = new Map(readdirSync(folder).map((name) => [name, `${folder}/${name}`]));
  return openInputArtifact({ stage, files, measurements: {} });
}

describe('corpora of two kinds in one pipeline', () => {
  let project: Project;
  let acted = 0;
  let own = 0;

  beforeAll(async () => {
    project = await Project.create({ 'pipeline.yaml': pipeline });
    await project.link('stages');
    await project.link('node_modules');
    acted = await writeActed(project);
    own = await writeOwn(project);
  });

  afterAll(() => project.remove());

  it('trains on one and tests on the other', async () => {
    const { code, stderr, rows } = await project.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(rows.audio).toEqual({ total: acted + own, computed: acted + own, reused: 0 });

    const merged = await artifact(project, 'clips').table('table', [
      'corpus',
      'emotion',
      'speaker',
      'emotionIndex',
    ]);
    expect(merged.ids.filter((id) => id.startsWith('acted/wav/'))).toHaveLength(acted);
    expect(merged.ids.filter((id) => id.startsWith('own/'))).toHaveLength(own);
    expect([...new Set(merged.text('corpus'))]).toEqual(['emo-db', 'own']);
    const indices = new Map(
      merged.text('emotion').map((emotion, row) => [emotion, merged.numbers('emotionIndex')[row]]),
    );
    expect(Object.fromEntries(indices)).toEqual({
      neutral: 0,
      happy: 2,
      sad: 3,
      angry: 4,
      fearful: 5,
      boredom: 8,
    });

    const split = await artifact(project, 'split').table();
    // 03 is a speaker of both.
    expect([...new Set(split.text('speaker'))].sort()).toEqual([
      '01',
      '02',
      '04',
      '08',
      '10',
      '13',
      'emo-db/03',
      'own/03',
    ]);
    const metrics = JSON.parse(await project.read('artifacts/evaluate/metrics.json')) as {
      dataset: unknown;
      split: unknown;
      results: { testAccuracy: number; perClass: { emotion: string; support: number }[] }[];
    };
    expect(metrics.split).toMatchObject({ kind: 'corpus', folds: 2 });
    const support = Object.fromEntries(
      metrics.results[0].perClass.map((each) => [each.emotion, each.support]),
    );
    // Boredom and fear have no counterpart.
    expect(support).toMatchObject({ neutral: 16, happy: 16, sad: 16, angry: 16 });
    expect((support.boredom ?? 0) + (support.fearful ?? 0)).toBe(0);
  });

  it('predicts a new recording by a model of both', async () => {
    const [name] = readdirSync(project.path('data/acted/wav'));
    const { code, stdout } = await project.pipeline('predict', `data/acted/wav/${name}`, '--json');
    expect(code).toBe(0);
    const { model, probabilities } = JSON.parse(stdout) as {
      model: string;
      probabilities: Record<string, number>;
    };
    expect(model).toBe('train');
    expect(Object.values(probabilities).reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
  });

  it('recomputes the one row whose label changed, and no features', async () => {
    await project.edit('data/own/labels.csv', '01/0.wav,Neutral', '01/0.wav,calm');
    const { rows, cached } = await project.run('mfcc');
    expect(rows.own).toEqual({ total: own, computed: 1, reused: own - 1 });
    expect(rows.audio).toEqual({ total: acted + own, computed: 1, reused: acted + own - 1 });
    expect(rows.mfcc).toEqual({ total: acted + own, computed: 0, reused: acted + own });
    expect(cached).toEqual(['acted']);
    const table = await artifact(project, 'own').table('table', ['emotion']);
    expect(table.text('emotion')[table.ids.indexOf('01/0.wav')]).toBe('calm');
  });

  it('names the line that is wrong', async () => {
    await project.edit('data/own/labels.csv', '01/1.wav,Neutral', '01/0.wav,Neutral');
    const { code, stderr } = await project.pipeline('run', 'own');
    expect(code).toBe(1);
    expect(stderr).toContain('01/0.wav is named in line 2 already');
    expect(stderr).toContain('labels.csv:3');
    expect(stderr).not.toContain('    at ');
  });

  it('takes headers from the command line', async () => {
    await project.write('data/own/labels.csv', 'file;label;who\n01/0.wav;calm;x\n');
    const settings = ['columns.path=file', 'columns.emotion=label', 'columns.speaker=who', 'delimiter=;'];
    const { code, rows } = await project.run('own', ...settings.flatMap((each) => ['--set', `own.${each}`]));
    expect(code).toBe(0);
    expect(rows.own).toMatchObject({ total: 1 });
    const excluded = JSON.parse(await project.read('artifacts/own/excluded.json')) as unknown[];
    expect(excluded).toHaveLength(own - 1);
    expect(excluded[0]).toEqual({ name: '01/1.wav', reason: 'no line of labels.csv names it' });
  });

  it('refuses to merge tables of other columns', async () => {
    await project.edit('pipeline.yaml', 'tables: [acted, own]', 'tables: [acted, mfcc]');
    await project.edit(
      'pipeline.yaml',
      'in: {clips: clips}, with: {sampleRate',
      'in: {clips: acted}, with: {sampleRate',
    );
    const { code, stderr } = await project.pipeline('run', 'clips');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'mfcc and acted have other columns: samples is absent, not sequence of shape []',
    );
  });
});
