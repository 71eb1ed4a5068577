import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { loadDataset, rowsToFit, type Dataset, type Part } from '../../../stages/train/dataset.ts';
import { fittedOn } from '../../../stages/train/fitted-on.ts';
import cnn from '../../../stages/train/cnn/index.ts';
import logisticRegression from '../../../stages/train/logistic-regression/index.ts';
import randomForest from '../../../stages/train/random-forest/index.ts';
import { fitScaler, standardizeBySpeaker } from '../../../stages/train/scaler.ts';
import { clips, dimension, emotions, featureTable, splitOf } from './emotion-clips.ts';
import { inputTable, MemoryArtifact, stageContext } from './memory-artifacts.ts';
import { stageRig } from './stage-rig.ts';

const rig = stageRig();

/** A split of clips, one a letter of `roles[fold]`, by speaker; features are [clip, 0] and, changed, [clip, 1]. */
async function datasetOf(
  speakers: readonly string[],
  folds: readonly (readonly Part[])[],
  changed: readonly number[],
): Promise<Dataset> {
  const ids = speakers.map((speaker, clip) => `${speaker}/${String(clip).padStart(3, '0')}.wav`);
  const split = new MemoryArtifact('split');
  await split.json('split.json', {
    ...{ kind: 'speaker', folds: folds.length, seed: 1, validation: 'own', emotions: ['calm', 'sad'] },
    ...{ foldNames: folds.map((_, index) => `fold ${index}`), notes: [] },
  });
  const columns = Object.fromEntries(
    ['emotion', 'speaker', ...folds.map((_, index) => `fold${index}`)].map((name) => [
      name,
      { type: 'utf8' } as const,
    ]),
  );
  const writer = await split.table('table', columns);
  for (const [clip, id] of ids.entries()) {
    const roles = Object.fromEntries(folds.map((roles, index) => [`fold${index}`, roles[clip]]));
    await writer.write(id, {
      ...{ emotion: clip % 2 === 0 ? 'calm' : 'sad', speaker: speakers[clip] },
      ...roles,
    });
  }
  const features = (stage: string, of: readonly number[], mark: number): Promise<InputArtifact> =>
    inputTable(
      stage,
      { features: { type: 'tensor', shape: [2] } },
      of.map((clip) => ({ id: ids[clip], features: Float32Array.of(clip, mark) })),
    );
  return loadDataset(
    await features('mfcc', [...ids.keys()], 0),
    await split.asInput(),
    await features('mfcc-changed', changed, 1),
  );
}

const splits = fc
  .record({ speakers: fc.integer({ min: 3, max: 6 }), each: fc.integer({ min: 1, max: 4 }) })
  .chain(({ speakers, each }) => {
    const part = fc.constantFrom<Part>('train', 'validation', 'test');
    const count = speakers * each;
    return fc.record({
      speakers: fc.constant(Array.from({ length: count }, (_, clip) => `0${Math.floor(clip / each) + 1}`)),
      folds: fc
        .array(fc.array(part, { minLength: speakers, maxLength: speakers }), { minLength: 1, maxLength: 3 })
        .map((folds) =>
          folds.map((parts) => Array.from({ length: count }, (_, clip) => parts[Math.floor(clip / each)])),
        ),
      changed: fc.shuffledSubarray([...Array(count).keys()], { minLength: 1 }),
    });
  });

describe('augmented clips', () => {
  it('are fitted on where their clip is trained on, and are in no part of any fold', async () => {
    await fc.assert(
      fc.asyncProperty(splits, async ({ speakers, folds, changed }) => {
        const dataset = await datasetOf(speakers, folds, changed);
        const { features, ids } = dataset;
        expect(dataset.clips).toBe(speakers.length);
        for (const fold of dataset.folds) {
          const roles = folds[fold.index];
          const strangers = new Set(speakers.filter((_, clip) => roles[clip] !== 'train'));
          const augmented = [...rowsToFit(fold)].filter((row) => features[2 * row + 1] === 1);
          for (const row of rowsToFit(fold)) {
            expect(roles[features[2 * row]]).toBe('train');
            expect(strangers).not.toContain(dataset.speakers[row]);
            expect(ids[row]).toBe(
              ids[ids.findIndex((_, other) => features[2 * other] === features[2 * row])],
            );
            expect(dataset.labels[row]).toBe(features[2 * row] % 2);
          }
          const wanted = changed.filter((clip) => roles[clip] === 'train');
          expect(new Set(augmented.map((row) => features[2 * row]))).toEqual(new Set(wanted));
          expect(augmented).toHaveLength(wanted.length);
          for (const part of ['train', 'validation', 'test'] as const) {
            expect([...fold[part]].every((row) => row < dataset.clips && features[2 * row + 1] === 0)).toBe(
              true,
            );
          }
          if (fold.train.length > 0) {
            const scaler = fitScaler(dataset, fold);
            expect(scaler.fittedOn).toEqual(fittedOn([...fold.train].map((row) => ids[row])));
            expect(scaler.mean[1]).toBeCloseTo(augmented.length / rowsToFit(fold).length, 5);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("are scaled by their speaker's recordings, which they leave as they are", async () => {
    const speakers = ['01', '01', '02', '02'];
    const roles: Part[] = ['train', 'train', 'test', 'test'];
    const alone = standardizeBySpeaker(await datasetOf(speakers, [roles], []));
    const both = standardizeBySpeaker(await datasetOf(speakers, [roles], [0, 3]));
    expect(both.subarray(0, 8)).toEqual(alone);
    expect([both[8], both[10]]).toEqual([alone[0], alone[6]]);
  });

  it('are refused where they are of other clips or shapes', async () => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const features = await featureTable(rig);
    const flat = await featureTable(rig, { shape: [2, dimension / 2] });
    await expect(loadDataset(features, split, flat)).rejects.toThrow('shape [2, 4] do not go with');
    const strange = await rig.table('other', { features: { type: 'tensor', shape: [dimension] } }, [
      { id: 'strange.wav', features: new Float32Array(dimension) },
    ]);
    await expect(loadDataset(features, split, strange)).rejects.toThrow('strange.wav');
    await expect(loadDataset(features, split, split)).rejects.toThrow('`augmented` has no column');
  });
});

describe('training with augmented clips', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'augmented-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const kinds = [
    { kind: logisticRegression, params: {} },
    { kind: randomForest, params: { trees: 5 } },
    { kind: cnn, params: { epochs: 1, batchSize: 16 } },
  ];

  it.each(kinds)('$kind.name learns from those of the training part only', async ({ kind, params }) => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const features = await featureTable(rig);
    // The first fold only: what trains there is tested in another.
    const roles = (await split.table()).text('fold0');
    const ids = (await split.table()).ids;
    const held = new Set(ids.filter((_, row) => roles[row] !== 'train'));
    const changed = (value: (features: Float32Array, id: string) => Float32Array): Promise<InputArtifact> =>
      rig.table(
        'mfcc-changed',
        { features: { type: 'tensor', shape: [dimension] } },
        clips.map(({ id, features }) => ({ id, features: value(features, id) })),
      );
    const stage = await kind.load();
    const firstFold = async (augmented?: InputArtifact): Promise<[string, number[]][]> => {
      const output = new MemoryArtifact('train', mkdtempSync(path.join(folder, 'output-')));
      const inputs = { features, split, ...(augmented !== undefined && { augmented }) };
      const checkpoints = mkdtempSync(path.join(folder, 'checkpoints-'));
      await stage.run({ ...stageContext(kind.params.parse(params) as never, inputs, output), checkpoints });
      const rows = output.tables.get('predictions')!.rows.filter(({ id }) => id.startsWith('0/'));
      return rows.map(({ id, cells }) => [id, [...(cells.probabilities as Float32Array)]]);
    };
    const without = await firstFold();
    const noisy = (of: Float32Array): Float32Array => of.map((value, index) => value * 1.5 + index / 7);
    const withThem = await firstFold(await changed(noisy));
    const poisoned = await firstFold(
      await changed((of, id) => (held.has(id) ? of.map(() => 1e6) : noisy(of))),
    );
    expect(withThem.map(([id]) => id)).toEqual(without.map(([id]) => id));
    expect(withThem).not.toEqual(without);
    expect(poisoned).toEqual(withThem);
    expect(new Set(without.map(([, probabilities]) => probabilities.length))).toEqual(
      new Set([emotions.length]),
    );
  });
});
