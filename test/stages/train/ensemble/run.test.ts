import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../../runner/kind/index.ts';
import { averageLogits } from '../../../../stages/train/ensemble/average.ts';
import { ensembleParams } from '../../../../stages/train/ensemble/params.ts';
import { run } from '../../../../stages/train/ensemble/run.ts';
import { linearSvmParams } from '../../../../stages/train/linear-svm/params.ts';
import { run as runSvm } from '../../../../stages/train/linear-svm/run.ts';
import { logisticRegressionParams } from '../../../../stages/train/logistic-regression/params.ts';
import { run as runRegression } from '../../../../stages/train/logistic-regression/run.ts';
import type { ModelSummary } from '../../../../stages/train/summary.ts';
import { softmax } from '../../../../stages/train/temperature.ts';
import { clips, featureTable, predictionsOf, splitOf, testAccuracy } from '../emotion-clips.ts';
import { stageRig } from '../stage-rig.ts';

const rig = stageRig();

async function members(split: InputArtifact): Promise<InputArtifact[]> {
  const inputs = { features: await featureTable(rig), split };
  const regression = logisticRegressionParams.parse({});
  return [
    await rig.run('regression', runRegression, regression, inputs),
    await rig.run('machines', runSvm, linearSvmParams.parse({ normalizeBySpeaker: true }), inputs),
  ];
}

function ensemble(
  models: InputArtifact[],
  split: InputArtifact,
  params: object = {},
): Promise<InputArtifact> {
  const context = { models: models[0], split };
  return rig.run(
    'ensemble',
    (stage) => run({ ...stage, inputs: { models, split: [split] } }),
    ensembleParams.parse(params),
    context,
  );
}

describe('the stage ensemble', () => {
  it('averages the probabilities of its members', async () => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const models = await members(split);
    const averaged = await predictionsOf(
      await ensemble(models, split, { calibrate: false, weights: [3, 1] }),
    );
    const [regression, machines] = [await predictionsOf(models[0]), await predictionsOf(models[1])];
    expect(averaged.map(({ id }) => id)).toEqual(regression.map(({ id }) => id));
    for (const [row, { id, probabilities }] of averaged.entries()) {
      const other = machines.find((prediction) => prediction.id === id)!.probabilities;
      for (const [c, value] of probabilities.entries()) {
        expect(value).toBeCloseTo(0.75 * regression[row].probabilities[c] + 0.25 * other[c], 4);
      }
    }
  });

  it('predicts unknown speakers, and says what it is made of', async () => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const artifact = await ensemble(await members(split), split);
    expect(await testAccuracy(artifact)).toBeGreaterThan(0.85);
    const summary = (await artifact.json('summary.json')) as ModelSummary;
    expect(summary).toMatchObject({ model: 'ensemble', features: 'mfcc', parameters: { total: 54 } });
    expect(summary.notes[0]).toContain('regression, machines');
    expect(summary.notes[1]).toBe('The average was calibrated on the validation part.');
    expect(summary.notes.join('\n')).toMatch(/^machines: Transductive/m);
    const model = await artifact.json('models/fold2/ensemble.json');
    expect(model).toMatchObject({
      members: [
        { stage: 'regression', weight: 0.5 },
        { stage: 'machines', weight: 0.5 },
      ],
    });
    expect((model as { temperature: number }).temperature).not.toBe(1);
  });

  it('makes the same bytes again', async () => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const models = await members(split);
    const [first, second] = [await ensemble(models, split), await ensemble(models, split)];
    for (const file of first.files) {
      expect(await readFile(first.path(file))).toEqual(await readFile(second.path(file)));
    }
  });

  it('refuses members of another split', async () => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const [regression] = await members(split);
    for (const params of [
      { kind: 'speaker', folds: 3, seed: 7 },
      { kind: 'speaker', folds: 2 },
    ]) {
      const [, other] = await members(await splitOf(rig, params));
      await expect(ensemble([regression, other], split)).rejects.toThrow(
        'it was trained on another split than split',
      );
    }
  });

  it('refuses what is no ensemble', async () => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const [regression, machines] = await members(split);
    await expect(ensemble([regression], split)).rejects.toThrow('at least two models');
    await expect(ensemble([regression, split], split)).rejects.toThrow('it is no trained model');
    await expect(ensemble([regression, machines], split, { weights: [1, 1, 1] })).rejects.toThrow(
      'there are 3 weights for 2 models',
    );
  });

  it('does not calibrate where the test part would have to', async () => {
    const split = await splitOf(rig, { kind: 'random' });
    const artifact = await ensemble(await members(split), split);
    expect(await artifact.json('models/fold0/ensemble.json')).toMatchObject({ temperature: 1 });
    const tested = (await predictionsOf(artifact)).filter(({ part }) => part === 'test');
    expect(tested).toHaveLength(Math.ceil(0.2 * clips.length));
  });
});

describe('averageLogits', () => {
  it('averages probabilities or their logarithms', () => {
    const members = [Float64Array.of(0.9, 0.1), Float64Array.of(0.5, 0.5)];
    const average = (how: 'arithmetic' | 'geometric') => softmax(averageLogits(members, [0.5, 0.5], how), 2);
    expect(average('arithmetic')[0]).toBeCloseTo(0.7, 12);
    expect(average('geometric')[0]).toBeCloseTo(0.75, 12);
  });

  it('lets no member rule an emotion out', () => {
    const members = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
    expect(averageLogits(members, [0.5, 0.5], 'geometric').every(Number.isFinite)).toBe(true);
  });
});
