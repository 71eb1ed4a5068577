import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { evaluate } from '../../../stages/evaluate/evaluation/evaluate.ts';
import { params as evaluateParams } from '../../../stages/evaluate/index.ts';
import { readSplit } from '../../../stages/evaluate/inputs/split.ts';
import { readTraining } from '../../../stages/evaluate/inputs/training.ts';
import { ensembleParams } from '../../../stages/train/ensemble/params.ts';
import { run as runEnsemble } from '../../../stages/train/ensemble/run.ts';
import { auditScalers } from '../../../stages/train/fitted-on.ts';
import { logisticRegressionParams } from '../../../stages/train/logistic-regression/params.ts';
import { run as runRegression } from '../../../stages/train/logistic-regression/run.ts';
import { clips, dimension, featureTable, predictionsOf, splitOf } from './emotion-clips.ts';
import { stageRig } from './stage-rig.ts';

const rig = stageRig();
const dead = [clips[3], clips[40]].map(({ id }) => id);
const skipped = dead.map((name) => ({ name, reason: 'silent' }));

/** Features of all clips but the dead ones. */
function features(list: readonly object[]): Promise<InputArtifact> {
  return rig.run(
    'mfcc',
    async ({ output }) => {
      const writer = await output.table('table', { features: { type: 'tensor', shape: [dimension] } });
      for (const clip of clips)
        if (!dead.includes(clip.id)) await writer.write(clip.id, { features: clip.features });
      await writer.close();
      await output.json('skipped.json', list);
    },
    {},
    {},
  );
}

const regression = (inputs: Readonly<Record<string, InputArtifact>>): Promise<InputArtifact> =>
  rig.run('regression', runRegression, logisticRegressionParams.parse({}), inputs);

describe('clips that were left out by name', () => {
  it('are in no part of any fold, and are named wherever figures are', async () => {
    const split = await splitOf(rig, { kind: 'speaker', folds: 3 });
    const model = await regression({ features: await features(skipped), split });
    const told = [...new Set((await predictionsOf(model)).map(({ clip }) => clip))].sort();
    expect(told).toEqual(
      clips
        .map(({ id }) => id)
        .filter((id) => !dead.includes(id))
        .sort(),
    );
    expect(await model.json('summary.json')).toMatchObject({ leftOut: skipped });
    expect(await auditScalers(model, split)).toBe(3);

    const whole = await regression({ features: await featureTable(rig), split });
    const read = await readSplit(split);
    const trainings = [await readTraining(model, read), await readTraining(whole, read)];
    const { dataset, protocol } = evaluate(read, trainings, evaluateParams.parse({ resamples: 0 }));
    expect(dataset.files).toBe(clips.length - dead.length);
    expect(protocol).toContainEqual({
      tone: 'caution',
      text: `Left out of training and of every figure: 2 clips, ${[...dead].sort().join(' (silent); ')} (silent).`,
    });
  });

  it('are left out of an ensemble where one member did without them', async () => {
    const split = await splitOf(rig, { kind: 'holdout' });
    const models = [
      await regression({ features: await features(skipped), split }),
      await regression({ features: await featureTable(rig), split }),
    ];
    const together = await rig.run(
      'ensemble',
      (stage) => runEnsemble({ ...stage, inputs: { models, split: [split] } }),
      ensembleParams.parse({}),
      { split },
    );
    expect((await predictionsOf(together)).some(({ clip }) => dead.includes(clip))).toBe(false);
    expect(await together.json('summary.json')).toMatchObject({ leftOut: skipped });
  });

  it('must be named: a split of other clips is still an error', async () => {
    const split = await splitOf(rig, { kind: 'holdout' });
    await expect(regression({ features: await features(skipped.slice(1)), split })).rejects.toThrow(
      `features and split hold different clips: mfcc lacks ${dead[0]}`,
    );
  });
});
