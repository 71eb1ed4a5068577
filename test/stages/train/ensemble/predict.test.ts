import { describe, expect, it } from '@jest/globals';
import type { Columns, NewRow } from '../../../../runner/kind/index.ts';
import { ensembleParams } from '../../../../stages/train/ensemble/params.ts';
import predictor from '../../../../stages/train/ensemble/predict.ts';
import { run } from '../../../../stages/train/ensemble/run.ts';
import { logisticRegressionParams } from '../../../../stages/train/logistic-regression/params.ts';
import memberPredictor from '../../../../stages/train/logistic-regression/predict.ts';
import { run as runRegression } from '../../../../stages/train/logistic-regression/run.ts';
import { clips, dimension, featureTable, predictionsOf, splitOf } from '../emotion-clips.ts';
import { stageRig } from '../stage-rig.ts';

const rig = stageRig();
const params = {};
const threads = 1;

describe('the ensemble on new recordings', () => {
  it('says what the stage said of the same clips', async () => {
    const split = await splitOf(rig, { kind: 'holdout' });
    const inputs = { features: await featureTable(rig), split };
    const models = await Promise.all(
      [0.1, 1e-4].map((C) =>
        rig.run(`regression ${C}`, runRegression, logisticRegressionParams.parse({ C }), inputs),
      ),
    );
    const model = await rig.run(
      'ensemble',
      (stage) => run({ ...stage, inputs: { models, split: [split] } }),
      ensembleParams.parse({ weights: [1, 2] }),
      { split },
    );

    const rows = clips.map(({ id, features }): NewRow => ({
      id,
      inputs: { features: [{ id, cells: { features } }] },
    }));
    const featureColumns: Columns = { features: { type: 'tensor', shape: [dimension] } };
    const members = await Promise.all(
      models.map((member) =>
        memberPredictor.setup({ params, threads, model: member, columns: { features: [featureColumns] } }),
      ),
    );
    const said = await Promise.all(members.map((member) => member.run(rows)));
    const ensemble = await predictor.setup({
      ...{ params, threads, model },
      columns: { models: members.map(({ columns }) => columns) },
    });
    const predicted = await ensemble.run(
      clips.map(({ id }, row) => ({
        id,
        inputs: { models: said.map((member) => ({ id, cells: member[row].cells })) },
      })),
    );

    const stored = await predictionsOf(model);
    for (const [row, { id }] of clips.entries()) {
      const expected = stored.find(({ clip }) => clip === id)!.probabilities;
      for (const [c, value] of expected.entries()) {
        expect(predicted[row].probabilities[c]).toBeCloseTo(value, 5);
      }
    }
  });
});
