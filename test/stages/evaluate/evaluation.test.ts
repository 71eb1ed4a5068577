import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { evaluate } from '../../../stages/evaluate/evaluation/evaluate.ts';
import type { Evaluation } from '../../../stages/evaluate/evaluation/types.ts';
import { params, type EvaluateParams } from '../../../stages/evaluate/index.ts';
import { readSplit } from '../../../stages/evaluate/inputs/split.ts';
import { readTraining } from '../../../stages/evaluate/inputs/training.ts';
import { metricsOf } from '../../../stages/evaluate/metrics-file.ts';
import { history, splitArtifact, sure, trainingArtifact, type Clip } from './artifacts.ts';
import { likeARun } from './corpus.ts';

const emotions = ['neutral', 'calm', 'happy'];

async function evaluated(
  split: InputArtifact,
  models: readonly InputArtifact[],
  given: Partial<EvaluateParams> = {},
): Promise<Evaluation> {
  const read = await readSplit(split);
  const trainings = await Promise.all(models.map((artifact) => readTraining(artifact, read)));
  return evaluate(read, trainings, params.parse(given));
}

/**
 * Eight test clips of two speakers. By hand: neutral 2 of 2 right; calm 1 of 4 (two taken for happy, one for
 * neutral); happy 2 of 2. So 5 of 8 right.
 */
const answers: readonly [id: string, speaker: string, emotion: string, answer: string, sureness: number][] = [
  ['a1', '01', 'neutral', 'neutral', 0.9],
  ['a2', '02', 'neutral', 'neutral', 0.8],
  ['b1', '01', 'calm', 'calm', 0.6],
  ['b2', '01', 'calm', 'happy', 0.95],
  ['b3', '02', 'calm', 'happy', 0.7],
  ['b4', '02', 'calm', 'neutral', 0.5],
  ['c1', '01', 'happy', 'happy', 0.9],
  ['c2', '02', 'happy', 'happy', 0.9],
];
const clips: readonly Clip[] = [
  ...answers.map(([id, speaker, emotion]): Clip => ({ id, emotion, speaker, roles: ['test'] })),
  { id: 't1', emotion: 'neutral', speaker: '03', roles: ['train'] },
  { id: 't2', emotion: 'calm', speaker: '03', roles: ['train'] },
  { id: 't3', emotion: 'happy', speaker: '03', roles: ['unused'] },
];

function byHand(): Promise<Evaluation> {
  const model = trainingArtifact(
    'train[cnn,mfcc]',
    clips,
    (clip) => {
      const answer = answers.find(([id]) => id === clip.id);
      return answer ? sure(emotions, answer[3], answer[4]) : sure(emotions, clip.emotion, 0.99);
    },
    {
      emotions,
      parameters: { total: 166984, trainable: 166088 },
      folds: [{ fold: 0, seed: 1, epochs: 12, bestEpoch: 9, history: history(12, 9, 0.9) }],
    },
  );
  return evaluated(splitArtifact(clips, { emotions, kind: 'speaker' }), [model]);
}

describe('the figures of a model', () => {
  it('are those computed by hand', async () => {
    const { models, chance } = await byHand();
    const [model] = models;
    expect(model.confusion).toEqual([
      [2, 0, 0],
      [1, 1, 2],
      [0, 0, 2],
    ]);
    expect(model.testAccuracy).toBe(5 / 8);
    expect(model.trainAccuracy).toBe(1);
    expect(model.testAccuracyStd).toBe(0);
    expect(model.uar).toBeCloseTo((1 + 1 / 4 + 1) / 3, 12);
    const f1 = { neutral: 4 / 5, calm: 2 / 5, happy: 2 / 3 };
    expect(model.macro.f1).toBeCloseTo((f1.neutral + f1.calm + f1.happy) / 3, 12);
    expect(model.weighted.f1).toBeCloseTo((2 * f1.neutral + 4 * f1.calm + 2 * f1.happy) / 8, 12);
    expect(model.classes.map((figures) => figures.precision)).toEqual([2 / 3, 1, 1 / 2]);
    expect(model.classes.map((figures) => figures.support)).toEqual([2, 4, 2]);
    expect(model.epochs).toBe(12);
    expect(model.outOfBagAccuracy).toBeNull();
    expect(chance).toBe(1 / 2);
  });

  it('are told by speaker', async () => {
    const [{ speakers }] = (await byHand()).models;
    expect(speakers).toEqual([
      { speaker: '01', files: 4, correct: 3, accuracy: 3 / 4 },
      { speaker: '02', files: 4, correct: 2, accuracy: 1 / 2 },
    ]);
  });

  it('weigh confidence against accuracy', async () => {
    const [{ calibration }] = (await byHand()).models;
    expect(calibration.meanConfidence).toBeCloseTo((0.9 + 0.8 + 0.6 + 0.95 + 0.7 + 0.5 + 0.9 + 0.9) / 8, 6);
    // Bins of a tenth: 0.5 wrong; 0.6 right; 0.7 wrong; 0.8 right; 0.9, 0.9, 0.9 right; 0.95 wrong. In float32 a bin's
    // edge may fall to either side, so only what holds for both is asserted.
    expect(calibration.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(8);
    expect(calibration.ece).toBeGreaterThan(0.2);
    expect(calibration.ece).toBeLessThan(0.5);
  });

  it('list the mistakes that it was surest of first', async () => {
    const [{ mistakes }] = (await byHand()).models;
    expect(mistakes.map(({ clip, emotion, predicted }) => [clip, emotion, predicted])).toEqual([
      ['b2', 'calm', 'happy'],
      ['b3', 'calm', 'happy'],
      ['b4', 'calm', 'neutral'],
    ]);
    expect(mistakes[0].confidence).toBeCloseTo(0.95, 6);
    expect(mistakes[0].probabilityOfTruth).toBeCloseTo(0.025, 6);
  });

  it('give metrics.json', async () => {
    const metrics = metricsOf(await byHand());
    expect(metrics.dataset).toEqual({ files: 11, speakers: 3, counts: { neutral: 3, calm: 5, happy: 3 } });
    expect(metrics.split).toEqual({ kind: 'speaker', folds: 1, seed: 42 });
    expect(metrics.results[0]).toMatchObject({
      model: 'cnn',
      features: 'mfcc',
      trainAccuracy: 1,
      testAccuracy: 0.625,
      testAccuracyStd: 0,
      uar: 0.75,
      epochs: 12,
      fitSeconds: null,
      params: 166984,
      trainableParams: 166088,
      confusion: [
        [2, 0, 0],
        [1, 1, 2],
        [0, 0, 2],
      ],
    });
    expect(metrics.results[0].perClass.map((figures) => figures.emotion)).toEqual(emotions);
  });
});

describe('figures of several folds', () => {
  it('take all test predictions together, and the spread over folds', async () => {
    const folded = ['x', 'y', 'z', 'w'].map((id, index): Clip => ({
      id,
      emotion: emotions[index % 3],
      speaker: String(index),
      roles: index === 0 ? ['test', 'train'] : ['train', 'test'],
    }));
    const model = trainingArtifact(
      'train[cnn,mfcc]',
      folded,
      (clip, fold) => sure(emotions, fold === 1 && clip.id !== 'y' ? 'calm' : clip.emotion, 0.8),
      { emotions },
    );
    const { models } = await evaluated(splitArtifact(folded, { emotions, kind: 'speaker' }), [model]);
    // Fold 1 tests x, rightly; fold 2 tests y (right), z and w (both wrong).
    expect(models[0].foldAccuracies).toEqual([1, 1 / 3]);
    expect(models[0].testAccuracy).toBe(2 / 4);
    expect(models[0].testAccuracyStd).toBeCloseTo(Math.SQRT2 / 3, 12);
    // Fold 1 trains on y, z, w, all right; fold 2 on x alone, which it takes for calm.
    expect(models[0].trainAccuracy).toBe(3 / 4);
  });

  it('average the epochs', async () => {
    const { split, models } = likeARun(6, 3);
    const { models: evaluatedModels } = await evaluated(split, models);
    expect(evaluatedModels.map((model) => model.epochs)).toEqual([29, 29, 23, 0]);
  });
});

describe('intervals', () => {
  it('hold the accuracy, and are the same each time', async () => {
    const { split, models } = likeARun(12, 1);
    const first = await evaluated(split, models);
    const again = await evaluated(split, models);
    for (const model of first.models) {
      expect(model.testAccuracyInterval!.low).toBeLessThanOrEqual(model.testAccuracy);
      expect(model.testAccuracyInterval!.high).toBeGreaterThanOrEqual(model.testAccuracy);
    }
    expect(again).toEqual(first);
  });

  it('are left out where no resamples are asked for', async () => {
    const { split, models } = likeARun(3, 1);
    const { models: evaluatedModels } = await evaluated(split, models, { resamples: 0 });
    expect(evaluatedModels.map((model) => model.testAccuracyInterval)).toEqual([null, null, null, null]);
    expect(evaluatedModels[0].analysis[0]).not.toMatch(/interval/);
  });
});

describe('names', () => {
  it('tell trainings of one model and features apart by their stage', async () => {
    const twin = (stage: string): InputArtifact =>
      trainingArtifact(stage, clips, (clip) => sure(emotions, clip.emotion, 0.9), { emotions });
    const { models } = await evaluated(splitArtifact(clips, { emotions }), [twin('small'), twin('large')]);
    expect(models.map((model) => model.slug)).toEqual(['cnn-mfcc-small', 'cnn-mfcc-large']);
    expect(models.map((model) => model.label)).toEqual(['cnn on mfcc (small)', 'cnn on mfcc (large)']);
  });
});
