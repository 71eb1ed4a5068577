import { z } from 'zod';
import type { InputArtifact, NewRow } from '../../../runner/kind/index.ts';
import { foldsPredictor } from '../prediction/predictor.ts';
import { softmax } from '../temperature.ts';
import { averageLogits } from './average.ts';
import { ensembleParams } from './params.ts';

const ensembleFile = z.object({
  average: ensembleParams.shape.average,
  temperature: z.number().positive(),
  members: z.array(z.object({ stage: z.string(), weight: z.number().positive() })).min(2),
});

/** Averages, fold by fold, what the members say of new rows, as the stage did with their predictions. */
export default foldsPredictor({
  inputs: ['models'],
  async open({ model }, folds) {
    const ensembles = await Promise.all(
      Array.from({ length: folds }, async (_, fold) => readEnsemble(model, fold)),
    );
    return (rows) =>
      Promise.resolve(
        ensembles.map(({ average, temperature, members }, fold) => {
          const said = members.map((_, member) => saidBy(rows, member, fold, folds));
          const weights = members.map(({ weight }) => weight);
          const classes = said[0].length / rows.length;
          return softmax(averageLogits(said, weights, average), classes, temperature);
        }),
      );
  },
});

async function readEnsemble(model: InputArtifact, fold: number): Promise<z.infer<typeof ensembleFile>> {
  return ensembleFile.parse(await model.json(`models/fold${fold}/ensemble.json`));
}

/** What one fold's model of a member says of the rows: rows × emotions, row-major. */
function saidBy(rows: readonly NewRow[], member: number, fold: number, folds: number): Float64Array {
  return Float64Array.from(
    rows.flatMap(({ inputs }) => {
      const all = inputs.models[member].cells.folds as Float32Array;
      const classes = all.length / folds;
      return [...all.subarray(fold * classes, (fold + 1) * classes)];
    }),
  );
}
