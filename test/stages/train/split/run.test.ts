import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../../runner/kind/index.ts';
import { loadDataset } from '../../../../stages/train/dataset.ts';
import kind from '../../../../stages/train/split/index.ts';
import { splitParams } from '../../../../stages/train/split/params.ts';
import { run } from '../../../../stages/train/split/run.ts';
import { stageRig } from '../stage-rig.ts';
import { ravdess } from './corpora.ts';

const utf8 = { type: 'utf8' } as const;
const clipColumns = {
  samples: { type: 'sequence', shape: [] },
  emotion: utf8,
  emotionIndex: { type: 'int32' },
  speaker: utf8,
  corpus: utf8,
  sex: utf8,
  statement: utf8,
  audioDigest: utf8,
} as const;

const rig = stageRig();

function clips(speakers: number): Promise<InputArtifact> {
  const { clips, emotions } = ravdess(speakers);
  const rows = clips.map((clip) => ({
    ...clip,
    emotionIndex: emotions.indexOf(clip.emotion),
    samples: new Float32Array(3),
  }));
  // Not in the order of their ids: the split must not depend on it.
  return rig.table('ingest', clipColumns, rows.reverse());
}

function splitOf(params: object, input: InputArtifact): Promise<InputArtifact> {
  return rig.run('split', run, splitParams.parse(params), { clips: input });
}

function features(ids: readonly string[], value = (row: number): number => row): Promise<InputArtifact> {
  const rows = ids.map((id, row) => ({ id, features: Float32Array.of(value(row), -value(row)) }));
  return rig.table('mfcc', { features: { type: 'tensor', shape: [2] } }, rows);
}

describe('the split stage', () => {
  it('is of no family', () => {
    expect(kind.family).toBeNull();
  });

  it('writes a row a clip, and what was done', async () => {
    const artifact = await splitOf({ kind: 'speaker' }, await clips(6));
    expect(artifact.files).toEqual(['audit.json', 'split.json', 'table.arrow']);
    const table = await artifact.table();
    expect(Object.keys(table.columns)).toEqual([
      'emotion',
      'emotionIndex',
      'speaker',
      ...['fold0', 'fold1', 'fold2', 'fold3', 'fold4'],
    ]);
    expect(table.ids).toEqual(ravdess(6).clips.map(({ id }) => id));
    expect(await artifact.json('split.json')).toMatchObject({
      kind: 'speaker',
      folds: 5,
      seed: 42,
      validation: 'own',
      emotions: ravdess(1).emotions,
    });
    expect(await artifact.json('audit.json')).toEqual(
      ((await artifact.json('split.json')) as { foldNames: string[] }).foldNames.map((fold) => ({
        fold,
        speakers: [],
        recordings: [],
        statements: ['dogs', 'kids'],
        gaps: [],
      })),
    );
  });

  it('numbers the emotions that occur, without gaps', async () => {
    const { clips, emotions } = ravdess(3);
    const rows = clips
      .filter(({ emotion }) => emotion === 'calm' || emotion === 'sad')
      .map(({ id, emotion, speaker }) => ({ id, emotion, speaker, emotionIndex: emotions.indexOf(emotion) }));
    const columns = { emotion: utf8, emotionIndex: { type: 'int32' }, speaker: utf8 } as const;
    const table = await (await splitOf({}, await rig.table('ingest', columns, rows))).table();
    const indices = table.numbers('emotionIndex');
    const pairs = table.text('emotion').map((emotion, row) => `${emotion} ${indices[row]}`);
    expect(new Set(pairs)).toEqual(new Set(['calm 0', 'sad 1']));
  });

  it('takes a speaker and an emotion in two spellings for one, and says so', async () => {
    const { clips } = ravdess(4);
    const columns = { emotion: utf8, emotionIndex: { type: 'int32' }, speaker: utf8 } as const;
    const rows = clips.map(({ id, emotion, speaker }, row) => ({
      id,
      emotion: emotion === 'sad' && row % 3 === 0 ? 'Sad ' : emotion,
      emotionIndex: 0,
      speaker: { '01': 'Anna', '02': 'anna' }[speaker] ?? speaker,
    }));
    const artifact = await splitOf({ kind: 'speaker', folds: 3 }, await rig.table('own', columns, rows));
    const table = await artifact.table();
    expect(new Set(table.text('speaker'))).toEqual(new Set(['Anna', '03', '04']));
    const { emotions, cautions } = (await artifact.json('split.json')) as {
      emotions: string[];
      cautions: string[];
    };
    expect(emotions).toHaveLength(8);
    expect(cautions).toEqual([
      'The emotions "Sad " and "sad" differ only in case and spaces or dashes: they are taken for one emotion, "sad".',
      'The speakers "Anna" and "anna" differ only in case: they are taken for one speaker, "Anna".',
    ]);
  });

  it('names the columns that are not there', async () => {
    const input = await rig.table('mfcc', { emotion: utf8 }, []);
    await expect(splitOf({}, input)).rejects.toThrow('has no column emotionIndex, speaker');
  });
});

describe('loadDataset', () => {
  const ids = ravdess(6).clips.map(({ id }) => id);

  it('joins features and folds by clip, sorted', async () => {
    const split = await splitOf({ kind: 'speaker' }, await clips(6));
    const shuffled = [...ids.keys()].sort((a, b) => ((a * 7) % 360) - ((b * 7) % 360));
    const dataset = await loadDataset(
      await features(
        shuffled.map((row) => ids[row]),
        (row) => shuffled[row],
      ),
      split,
    );
    expect(dataset.ids).toEqual(ids);
    expect(dataset.shape).toEqual([2]);
    expect([...dataset.features.subarray(0, 6)]).toEqual([0, -0, 1, -1, 2, -2]);
    expect(dataset.featuresName).toBe('mfcc');
    ravdess(6).clips.forEach(({ emotion, speaker }, row) => {
      expect(dataset.emotions[dataset.labels[row]]).toBe(emotion);
      expect(dataset.speakers[row]).toBe(speaker);
    });
    for (const { train, validation, test } of dataset.folds) {
      const all = [...train, ...validation, ...test];
      expect(new Set(all).size).toBe(360);
      expect(validation.length).toBeGreaterThan(0);
    }
  });

  it('validates on the test part where the protocol says so', async () => {
    const split = await splitOf({}, await clips(6));
    const dataset = await loadDataset(await features(ids), split);
    expect(dataset.validation).toBe('test');
    expect(dataset.folds[0].validation).toEqual(dataset.folds[0].test);
    expect(dataset.folds[0].test).toHaveLength(72);
  });

  it('names clips that one of the two lacks', async () => {
    const split = await splitOf({}, await clips(6));
    await expect(loadDataset(await features([...ids.slice(1), 'stranger.wav']), split)).rejects.toThrow(
      `features and split hold different clips: mfcc lacks ${ids[0]}; split lacks stranger.wav`,
    );
  });

  it('refuses inputs of other kinds', async () => {
    const split = await splitOf({}, await clips(6));
    await expect(loadDataset(split, split)).rejects.toThrow('no column `features`');
    await expect(loadDataset(await features(ids), await features(ids))).rejects.toThrow('no split.json');
  });

  it('tells speakers of one name in two corpora apart, and orders emotions without a place by name', async () => {
    const columns = { emotion: utf8, emotionIndex: { type: 'int32' }, speaker: utf8, corpus: utf8 } as const;
    const clip = (corpus: string, speaker: string, emotion: string, emotionIndex: number) => ({
      id: `${corpus}/${speaker}-${emotion}`,
      corpus,
      speaker,
      emotion,
      emotionIndex,
    });
    const rows = ['ravdess', 'emo-db'].flatMap((corpus) =>
      ['03', corpus === 'ravdess' ? '24' : '16'].flatMap((speaker) => [
        clip(corpus, speaker, 'sad', 3),
        clip(corpus, speaker, 'contempt', 9),
        clip(corpus, speaker, 'awe', 9),
      ]),
    );
    const artifact = await splitOf({ kind: 'corpus' }, await rig.table('all', columns, rows));
    const table = await artifact.table();
    expect([...new Set(table.text('speaker'))].sort()).toEqual(['16', '24', 'emo-db/03', 'ravdess/03']);
    expect(await artifact.json('split.json')).toMatchObject({ emotions: ['sad', 'awe', 'contempt'] });
  });
});
