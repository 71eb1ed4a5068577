import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../../runner/kind/index.ts';
import { RandomState } from '../../../../stages/random/index.ts';
import { loadForest } from '../../../../stages/train/forest/index.ts';
import { loadClassifier } from '../../../../stages/train/random-forest/load.ts';
import { randomForestParams } from '../../../../stages/train/random-forest/params.ts';
import { run } from '../../../../stages/train/random-forest/run.ts';
import { splitParams } from '../../../../stages/train/split/params.ts';
import { run as runSplit } from '../../../../stages/train/split/run.ts';
import type { ModelSummary } from '../../../../stages/train/summary.ts';
import { stageRig } from '../stage-rig.ts';

const rig = stageRig();
const utf8 = { type: 'utf8' } as const;
const emotions = ['neutral', 'happy', 'angry'];
const speakers = ['01', '02', '03', '04', '05', '06'];

/** Clips whose first features tell the emotion, with noise and something of the speaker. */
const clips = speakers.flatMap((speaker, speakerIndex) =>
  emotions.flatMap((emotion, emotionIndex) =>
    Array.from({ length: 6 }, (_, take) => {
      const random = new RandomState(speakerIndex * 100 + emotionIndex * 10 + take);
      const features = Float32Array.from(
        { length: 8 },
        (_, i) => random.normal() + (i === emotionIndex ? 3 : 0),
      );
      features[7] += 5 * speakerIndex;
      return { id: `${speaker}/${emotion}-${take}.wav`, emotion, emotionIndex, speaker, features };
    }),
  ),
);

function featureTable(shape: readonly number[] = [8]): Promise<InputArtifact> {
  return rig.table(
    'mfcc',
    { features: { type: 'tensor', shape } },
    clips.map(({ id, features }) => ({ id, features })),
  );
}

async function split(params: object): Promise<InputArtifact> {
  const columns = { emotion: utf8, emotionIndex: { type: 'int32' }, speaker: utf8 } as const;
  const table = await rig.table(
    'ingest',
    columns,
    clips.map(({ id, emotion, emotionIndex, speaker }) => ({ id, emotion, emotionIndex, speaker })),
  );
  return rig.run('split', runSplit, splitParams.parse(params), { clips: table });
}

async function train(params: object, splitOptions: object = { kind: 'speaker', folds: 3 }, threads = 1) {
  const inputs = { features: await featureTable(), split: await split(splitOptions) };
  return rig.run('train[random-forest,mfcc]', run, randomForestParams.parse(params), inputs, threads);
}

async function testAccuracy(artifact: InputArtifact): Promise<number> {
  const table = await artifact.table('predictions');
  const labels = table.numbers('emotionIndex');
  const predicted = table.numbers('predictedIndex');
  const tested = [...table.text('part').keys()].filter((row) => table.text('part')[row] === 'test');
  return tested.filter((row) => labels[row] === predicted[row]).length / tested.length;
}

describe('the stage random-forest', () => {
  it('predicts every part of every fold, and unknown speakers well', async () => {
    const artifact = await train({});
    const table = await artifact.table('predictions');
    // Each fold has all clips in its three parts together.
    expect(table.count).toBe(3 * clips.length);
    expect(table.ids[0]).toMatch(/^0\/train\/0\d\/\w+-\d\.wav$/);
    const { data, shape } = table.tensor('probabilities');
    expect(shape).toEqual([3]);
    for (let row = 0; row < table.count; row++) {
      expect(data[3 * row] + data[3 * row + 1] + data[3 * row + 2]).toBeCloseTo(1, 5);
    }
    expect(await testAccuracy(artifact)).toBeGreaterThan(0.8);
    expect(artifact.measurements.fitSeconds).toBeGreaterThan(0);
  });

  it('says what it is in summary.json', async () => {
    const artifact = await train({ trees: 20 });
    const summary = (await artifact.json('summary.json')) as ModelSummary;
    expect(summary).toMatchObject({
      model: 'random-forest',
      features: 'mfcc',
      emotions,
      layers: [],
      hyperparameters: { trees: 20, engine: 'histogram', maxFeatures: 'sqrt' },
      notes: [],
    });
    expect(summary.folds).toHaveLength(3);
    for (const fold of summary.folds) {
      expect(fold).toMatchObject({ epochs: 0, bestEpoch: null, history: [] });
      expect(fold.outOfBagAccuracy).toBeGreaterThan(0.6);
    }
    const forests = await Promise.all(
      [0, 1, 2].map((fold) => loadForest(artifact, `models/fold${fold}/forest`)),
    );
    const nodes = forests.flatMap(({ trees }) => trees).reduce((sum, { feature }) => sum + feature.length, 0);
    expect(summary.parameters.total).toBe(Math.round(nodes / 3));
  });

  it.each(['histogram', 'ml-random-forest'])('%s: saves what predicts the same again', async (engine) => {
    const artifact = await train({ engine, trees: 10 });
    const table = await artifact.table('predictions');
    const { data } = table.tensor('probabilities');
    const folds = table.numbers('fold');
    const classify = await loadClassifier(artifact, 1);
    const rows = [...table.ids.keys()].filter((row) => folds[row] === 1);
    for (const row of rows) {
      const clip = clips.find(({ id }) => id === table.text('clip')[row])!;
      expect(Float32Array.from(classify(clip.features))).toEqual(data.subarray(3 * row, 3 * row + 3));
    }
    expect(await testAccuracy(artifact)).toBeGreaterThan(0.6);
  });

  it.each(['histogram', 'ml-random-forest'])(
    '%s: makes the same bytes from the same seed',
    async (engine) => {
      const [first, second] = [await train({ engine, trees: 5 }), await train({ engine, trees: 5 })];
      expect(first.files).toEqual(second.files);
      for (const file of first.files) {
        expect(await readFile(first.path(file))).toEqual(await readFile(second.path(file)));
      }
      const other = await train({ engine, trees: 5, seed: 1 });
      expect(await readFile(other.path('predictions.arrow'))).not.toEqual(
        await readFile(first.path('predictions.arrow')),
      );
    },
  );

  it('learns from the training part alone', async () => {
    // Of a fold that trains on one emotion only, the others cannot be known.
    const onlyNeutral = clips.map(({ id, emotion, emotionIndex, speaker }) => ({
      ...{ id, emotion, emotionIndex, speaker },
      fold0: emotion === 'neutral' ? 'train' : speaker === '01' ? 'validation' : 'test',
    }));
    const columns = { emotion: utf8, emotionIndex: { type: 'int32' }, speaker: utf8, fold0: utf8 } as const;
    const made = await rig.run(
      'split',
      async ({ output }) => {
        const writer = await output.table('table', columns);
        for (const { id, ...cells } of onlyNeutral) await writer.write(id, cells);
        await writer.close();
        await output.json('split.json', {
          ...{ kind: 'made', folds: 1, seed: 0, validation: 'own', emotions, foldNames: ['made'], notes: [] },
        });
      },
      {},
      {},
    );
    const inputs = { features: await featureTable(), split: made };
    const artifact = await rig.run('train', run, randomForestParams.parse({ trees: 3 }), inputs);
    expect(new Set((await artifact.table('predictions')).numbers('predictedIndex'))).toEqual(new Set([0]));
  });

  it('flattens sequences and says so', async () => {
    const inputs = { features: await featureTable([4, 2]), split: await split({ kind: 'holdout' }) };
    const artifact = await rig.run('train', run, randomForestParams.parse({ trees: 3 }), inputs);
    expect(((await artifact.json('summary.json')) as ModelSummary).notes).toEqual([
      'Sequences of 4 × 2 were flattened; pooled over time they suit a forest better.',
    ]);
  });

  it('refuses what the npm package cannot do', async () => {
    await expect(train({ engine: 'ml-random-forest', criterion: 'entropy' })).rejects.toThrow(
      'the engine ml-random-forest does not know criterion',
    );
  });

  it('names a stage that holds no forest', async () => {
    await expect(loadClassifier(await featureTable(), 0)).rejects.toThrow(
      'there is no forest models/fold0/forest',
    );
  });
});
