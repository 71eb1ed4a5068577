import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { ensembleParams } from '../../../stages/train/ensemble/params.ts';
import { run as runEnsemble } from '../../../stages/train/ensemble/run.ts';
import { linearSvmParams } from '../../../stages/train/linear-svm/params.ts';
import { run as runSvm } from '../../../stages/train/linear-svm/run.ts';
import { mlpParams } from '../../../stages/train/mlp/params.ts';
import { run as runMlp } from '../../../stages/train/mlp/run.ts';
import { randomForestParams } from '../../../stages/train/random-forest/params.ts';
import { run as runForest } from '../../../stages/train/random-forest/run.ts';
import type { ModelSummary } from '../../../stages/train/summary.ts';
import { clips, emotions, featureTable, predictionsOf, splitOf } from './emotion-clips.ts';
import { stageRig } from './stage-rig.ts';

const rig = stageRig();

async function summaryOf(artifact: InputArtifact): Promise<ModelSummary> {
  return (await artifact.json('summary.json')) as ModelSummary;
}

async function trained(name: string, inputs: { features: InputArtifact; split: InputArtifact }) {
  if (name === 'forest') return rig.run(name, runForest, randomForestParams.parse({ trees: 10 }), inputs);
  if (name === 'svm') return rig.run(name, runSvm, linearSvmParams.parse({ refit: true }), inputs);
  const withFolder = async (stage: Parameters<typeof runMlp>[0]): Promise<void> => {
    await mkdir(stage.checkpoints, { recursive: true });
    return runMlp(stage);
  };
  return rig.run(name, withFolder, mlpParams.parse({ epochs: 3 }), inputs);
}

async function ensembleOf(
  names: readonly string[],
  inputs: { features: InputArtifact; split: InputArtifact },
) {
  const models: InputArtifact[] = [];
  for (const name of names) models.push(await trained(name, inputs));
  const { split } = inputs;
  return rig.run(
    'ensemble',
    (stage) => runEnsemble({ ...stage, inputs: { models, split: [split] } }),
    ensembleParams.parse({}),
    { models: models[0], split },
  );
}

/** One fold with these clips to train on, one to validate on and one to test. */
function splitWith(train: readonly string[]): Promise<InputArtifact> {
  const [validation, test] = [clips[clips.length - 2].id, clips[clips.length - 1].id];
  const roleOf = (id: string): string =>
    train.includes(id) ? 'train' : id === validation ? 'validation' : id === test ? 'test' : 'unused';
  return rig.run(
    'split',
    async ({ output }) => {
      const table = await output.table('table', {
        ...{ emotion: { type: 'utf8' }, emotionIndex: { type: 'int32' }, speaker: { type: 'utf8' } },
        fold0: { type: 'utf8' },
      });
      for (const { id, emotion, emotionIndex, speaker } of clips) {
        await table.write(id, { emotion, emotionIndex, speaker, fold0: roleOf(id) });
      }
      await table.close();
      await output.json('split.json', {
        ...{
          kind: 'holdout',
          folds: 1,
          seed: 42,
          validation: 'own',
          emotions,
          foldNames: ['held out'],
          notes: [],
        },
      });
    },
    {},
    {},
  );
}

describe('the validation figures of a training', () => {
  it.each(['forest', 'svm', 'mlp', 'ensemble'])(
    'stand in its summary by fold, as its predictions give them: %s',
    async (name) => {
      const inputs = {
        features: await featureTable(rig),
        split: await splitOf(rig, { kind: 'speaker', folds: 3 }),
      };
      const artifact =
        name === 'ensemble' ? await ensembleOf(['forest', 'svm'], inputs) : await trained(name, inputs);
      const rows = (await predictionsOf(artifact)).filter(({ part }) => part === 'validation');
      const { folds } = await summaryOf(artifact);
      expect(folds).toHaveLength(3);
      for (const { fold, validation } of folds) {
        const own = rows.filter((row) => row.fold === fold);
        expect(own.length).toBeGreaterThan(0);
        const right = own.filter(({ label, predicted }) => label === predicted);
        const recalls = emotions.map((_, index) => {
          const of = (list: typeof own): number => list.filter(({ label }) => label === index).length;
          return of(right) / of(own);
        });
        const f1 = emotions.map((_, index) => {
          const hits = right.filter(({ label }) => label === index).length;
          const named = own.filter(({ predicted }) => predicted === index).length;
          return (2 * hits) / (named + own.filter(({ label }) => label === index).length);
        });
        const mean = (values: readonly number[]): number =>
          values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(validation).toEqual({
          clips: own.length,
          accuracy: right.length / own.length,
          uar: expect.closeTo(mean(recalls), 12),
          macroF1: expect.closeTo(mean(f1), 12),
          loss: expect.closeTo(
            mean(own.map(({ label, probabilities }) => -Math.log(Math.max(1e-15, probabilities[label])))),
            12,
          ),
        });
      }
    },
  );

  it('are none where the test part validates as well', async () => {
    const split = await splitOf(rig, { kind: 'random' });
    const { folds } = await summaryOf(await trained('forest', { features: await featureTable(rig), split }));
    expect(folds.map(({ validation }) => validation)).toEqual([null]);
  });
});

describe('a training on next to nothing', () => {
  const [first] = clips;
  const ofOneEmotion = clips.filter(({ emotion }) => emotion === first.emotion).slice(0, 4);

  it.each(['forest', 'svm'])(
    'of one clip says so, and gives no figure that is not finite: %s',
    async (name) => {
      const inputs = { features: await featureTable(rig), split: await splitWith([first.id]) };
      const summary = await summaryOf(await trained(name, inputs));
      expect(summary.cautions).toEqual([
        'Fold 1 (held out) was trained on one clip, of neutral: its figures say nothing.',
      ]);
      expect(summary.folds[0]).not.toHaveProperty('outOfBagAccuracy');
    },
  );

  it.each(['forest', 'svm', 'mlp'])('of one emotion says so: %s', async (name) => {
    const inputs = {
      features: await featureTable(rig),
      split: await splitWith(ofOneEmotion.map(({ id }) => id)),
    };
    expect((await summaryOf(await trained(name, inputs))).cautions).toEqual([
      'Fold 1 (held out) was trained on clips of one emotion, neutral: it knows no other to name.',
    ]);
  });

  it('is not what a training on several emotions is said to be', async () => {
    const inputs = {
      features: await featureTable(rig),
      split: await splitOf(rig, { kind: 'speaker', folds: 3 }),
    };
    expect((await summaryOf(await trained('svm', inputs))).cautions).toEqual([]);
  });
});
