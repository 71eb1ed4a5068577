import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../../runner/kind/index.ts';
import { auditScalers } from '../../../../stages/train/fitted-on.ts';
import { loadClassifier } from '../../../../stages/train/linear/model.ts';
import { linearSvmParams } from '../../../../stages/train/linear-svm/params.ts';
import { run as runSvm } from '../../../../stages/train/linear-svm/run.ts';
import { logisticRegressionParams } from '../../../../stages/train/logistic-regression/params.ts';
import { run as runRegression } from '../../../../stages/train/logistic-regression/run.ts';
import type { Classifier } from '../../../../stages/train/prediction/fold-models.ts';
import type { ModelSummary } from '../../../../stages/train/summary.ts';
import {
  clips,
  dimension,
  emotions,
  featureTable,
  predictionsOf,
  splitOf,
  testAccuracy,
} from '../emotion-clips.ts';
import { stageRig } from '../stage-rig.ts';

const rig = stageRig();
const kinds = [
  { model: 'logistic-regression', run: runRegression, params: logisticRegressionParams },
  { model: 'linear-svm', run: runSvm, params: linearSvmParams },
];
type Kind = (typeof kinds)[number];

interface Options {
  readonly params?: object;
  readonly split?: object;
  readonly features?: Parameters<typeof featureTable>[1];
}

async function train(kind: Kind, { params = {}, split = {}, features = {} }: Options = {}) {
  const inputs = {
    features: await featureTable(rig, features),
    split: await splitOf(rig, { kind: 'speaker', folds: 3, ...split }),
  };
  const artifact = await rig.run(`train[${kind.model},mfcc]`, kind.run, kind.params.parse(params), inputs);
  return { artifact, ...inputs };
}

async function summaryOf(artifact: InputArtifact): Promise<ModelSummary> {
  return (await artifact.json('summary.json')) as ModelSummary;
}

/** The probabilities of a clip as predictions.arrow keeps them. */
function stored(classify: Classifier, features: Float32Array): number[] {
  return Array.from(Float32Array.from(classify(features)));
}

describe.each(kinds)('the stage $model', (kind) => {
  it('predicts every part of every fold, and unknown speakers well', async () => {
    const { artifact } = await train(kind);
    const predictions = await predictionsOf(artifact);
    expect(predictions).toHaveLength(3 * clips.length);
    for (const { probabilities } of predictions) {
      expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    }
    expect(await testAccuracy(artifact)).toBeGreaterThan(0.85);
    expect(artifact.measurements.fitSeconds).toBeGreaterThan(0);
  });

  it('says what it is in summary.json', async () => {
    const { artifact } = await train(kind, { params: { C: 0.5 } });
    const summary = await summaryOf(artifact);
    const size = emotions.length * (dimension + 1);
    expect(summary).toMatchObject({
      model: kind.model,
      features: 'mfcc',
      emotions,
      layers: [],
      parameters: { total: size, trainable: size },
      hyperparameters: { C: 0.5, standardize: true, classWeights: 'none' },
    });
    expect(summary.folds.map(({ fold, epochs }) => ({ fold, epochs }))).toEqual(
      [0, 1, 2].map((fold) => ({ fold, epochs: 0 })),
    );
    expect(summary.notes.at(-1)).toMatch(/^Calibrated on the validation part, temperature 0\.\d\d/);
  });

  it('saves what predicts the same again', async () => {
    const { artifact } = await train(kind);
    const classify = await loadClassifier(artifact, 1);
    const own = (await predictionsOf(artifact)).filter(({ fold }) => fold === 1);
    for (const { clip, probabilities } of own) {
      expect(stored(classify, clips.find(({ id }) => id === clip)!.features)).toEqual(probabilities);
    }
    const some = clips.slice(0, 5).map(({ features }) => features);
    expect(stored(classify, Float32Array.from(some.flatMap((row) => [...row])))).toEqual(
      some.flatMap((row) => stored(classify, row)),
    );
  });

  it('makes the same bytes again', async () => {
    const [first, second] = [(await train(kind)).artifact, (await train(kind)).artifact];
    expect(first.files).toEqual(second.files);
    for (const file of first.files) {
      expect(await readFile(first.path(file))).toEqual(await readFile(second.path(file)));
    }
  });

  it('fits its scalers on training rows only, also where the weights are fitted again', async () => {
    for (const refit of [false, true]) {
      const { artifact, split } = await train(kind, { params: { refit } });
      expect(await auditScalers(artifact, split)).toBe(3);
    }
  });

  it('fits again with the validation part, and keeps what was said of it before', async () => {
    const [once, again] = [
      (await train(kind)).artifact,
      (await train(kind, { params: { refit: true } })).artifact,
    ];
    const rows = async (artifact: InputArtifact, wanted: string) =>
      (await predictionsOf(artifact)).filter(({ part }) => part === wanted);
    expect(await rows(again, 'validation')).toEqual(await rows(once, 'validation'));
    expect(await rows(again, 'test')).not.toEqual(await rows(once, 'test'));
    expect((await summaryOf(again)).notes.join()).toContain('Fitted again on training and validation part');
  });

  it('does not depend on how features are scaled, unless it is not to standardise them', async () => {
    const change = (features: Float32Array): Float32Array =>
      features.map((value, i) => value * 2 ** (i - 4) + 10 * i);
    for (const standardize of [true, false]) {
      const plain = await predictionsOf((await train(kind, { params: { standardize } })).artifact);
      const scaled = await predictionsOf(
        (await train(kind, { params: { standardize }, features: { change } })).artifact,
      );
      const difference = Math.max(
        ...plain.flatMap(({ probabilities }, row) =>
          probabilities.map((value, c) => Math.abs(value - scaled[row].probabilities[c])),
        ),
      );
      if (standardize) expect(difference).toBeLessThan(1e-3);
      else expect(difference).toBeGreaterThan(0.05);
    }
  });

  it('leaves probabilities as they are where the test part would have to calibrate them', async () => {
    const { artifact } = await train(kind, { split: { kind: 'random' }, params: { standardize: false } });
    const { notes } = await summaryOf(artifact);
    expect(notes).toContain('The features were not standardised.');
    expect(notes).toContain(
      'The probabilities are not calibrated: the split has no validation part of its own.',
    );
    expect(await artifact.json('models/fold0/linear.json')).toMatchObject({ temperature: 1 });
    expect(artifact.files).not.toContain('models/fold0/scaler.json');
  });

  it('normalises by speaker, says so, and then cannot judge a single recording', async () => {
    // Speakers whose features differ by a hundred times what tells the emotions apart.
    const change = (features: Float32Array, speaker: string): Float32Array =>
      features.map((value, i) => value + 100 * Number(speaker) * (i + 1));
    const features = { change };
    const params = { normalizeBySpeaker: true };
    const { artifact } = await train(kind, { params, features });
    expect(await testAccuracy(artifact)).toBeGreaterThan(0.85);
    expect((await summaryOf(artifact)).notes.join()).toContain('Transductive');

    const speaker = clips.filter((clip) => clip.speaker === '02');
    const classify = await loadClassifier(artifact, 0);
    const own = (await predictionsOf(artifact)).filter(({ fold }) => fold === 0);
    const together = classify(
      Float32Array.from(speaker.flatMap((clip) => [...change(clip.features, clip.speaker)])),
    );
    for (const [row, { id }] of speaker.entries()) {
      const { probabilities } = own.find(({ clip }) => clip === id)!;
      for (const [c, value] of probabilities.entries()) expect(together[3 * row + c]).toBeCloseTo(value, 4);
    }
    expect(() => classify(speaker[0].features)).toThrow('cannot judge a single recording');
  });

  it('weights emotions inversely to their frequency', async () => {
    const recall = async (classWeights: string): Promise<number> => {
      const split = await rareNeutral();
      const inputs = { features: await featureTable(rig, { change: blurred }), split };
      const artifact = await rig.run('train', kind.run, kind.params.parse({ classWeights, C: 0.1 }), inputs);
      const neutral = (await predictionsOf(artifact)).filter(
        ({ part, label }) => part === 'test' && label === 0,
      );
      return neutral.filter(({ predicted }) => predicted === 0).length / neutral.length;
    };
    expect(await recall('balanced')).toBeGreaterThan(await recall('none'));
  });

  it('flattens sequences and says so', async () => {
    const { artifact } = await train(kind, { features: { shape: [4, 2] }, split: { kind: 'holdout' } });
    expect((await summaryOf(artifact)).notes).toContain('Sequences of 4 × 2 were flattened.');
    expect((await artifact.json('models/fold0/scaler.json')) as { mean: number[] }).toMatchObject({
      mean: [expect.any(Number), expect.any(Number)],
    });
  });
});

it('names a stage that holds no linear model', async () => {
  await expect(loadClassifier(await featureTable(rig), 0)).rejects.toThrow(
    'there is no linear model in models/fold0',
  );
});

/** Emotions that overlap. */
function blurred(features: Float32Array): Float32Array {
  return features.map((value, i) => (i < emotions.length ? value * 0.5 + ((value * 7) % 1) : value));
}

/** A fold whose training part has few neutral clips. */
function rareNeutral(): Promise<InputArtifact> {
  const utf8 = { type: 'utf8' } as const;
  const columns = { emotion: utf8, emotionIndex: { type: 'int32' }, speaker: utf8, fold0: utf8 } as const;
  return rig.run(
    'split',
    async ({ output }) => {
      const writer = await output.table('table', columns);
      for (const { id, emotion, emotionIndex, speaker } of clips) {
        const rare = emotion === 'neutral' && !id.endsWith('-0.wav');
        const fold0 = speaker >= '05' ? 'test' : rare ? 'unused' : 'train';
        await writer.write(id, { emotion, emotionIndex, speaker, fold0 });
      }
      await writer.close();
      await output.json('split.json', {
        ...{ kind: 'made', folds: 1, seed: 0, validation: 'own', emotions, foldNames: ['made'], notes: [] },
      });
    },
    {},
    {},
  );
}
