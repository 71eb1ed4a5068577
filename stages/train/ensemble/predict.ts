import { z } from 'zod';
import { softmax } from '../temperature.ts';
import { foldsPredictor } from '../prediction/predictor.ts';
import { averageLogits } from './average.ts';

const foldFile = z.object({
  average: z.enum(['arithmetic', 'geometric']),
  temperature: z.number().positive(),
  members: z.array(z.object({ stage: z.string(), weight: z.number() })),
});

/** Each fold's average is of what the members' models of that fold say. */
export default foldsPredictor({
  inputs: ['models'],
  async open({ model }, folds) {
    const settings: z.infer<typeof foldFile>[] = [];
    for (let fold = 0; fold < folds; fold++) {
      settings.push(foldFile.parse(await model.json(`models/fold${fold}/ensemble.json`)));
    }
    return (rows) => {
      const classes = (rows[0].inputs.models[0].cells.folds as Float32Array).length / folds;
      const memberOf = (member: number, fold: number): Float64Array =>
        Float64Array.from(
          rows.flatMap(({ inputs }) => {
            const said = inputs.models[member].cells.folds as Float32Array;
            return [...said.subarray(fold * classes, (fold + 1) * classes)];
          }),
        );
      const averages = settings.map(({ average, temperature, members }, fold) => {
        const said = members.map((_, member) => memberOf(member, fold));
        const weights = members.map(({ weight }) => weight);
        return softmax(averageLogits(said, weights, average), classes, temperature);
      });
      return Promise.resolve(averages);
    };
  },
});
