import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StageFailure, type InputArtifact } from '../../runner/kind/index.ts';
import { readSplitDescription } from './dataset.ts';
import { readLeftOut } from './left-out.ts';

/** Which clips something was fitted on, written beside it, so that an audit can tell later. */
export const fittedOnSchema = z.object({
  clips: z.int().positive(),
  /** SHA-256 of the clips' ids, sorted, one a line. */
  digest: z.string(),
});
export type FittedOn = z.infer<typeof fittedOnSchema>;

export function fittedOn(ids: readonly string[]): FittedOn {
  const listed = [...ids].sort().join('\n');
  return { clips: ids.length, digest: createHash('sha256').update(listed).digest('hex') };
}

/**
 * Checks that the scalers of a trained stage were fitted on exactly the training clips of their folds. `split` is
 * the one that the stage was trained by. Returns how many scalers there are.
 *
 * Throws StageFailure where a scaler saw other clips: the results of such a stage are not worth a report.
 */
export async function auditScalers(model: InputArtifact, split: InputArtifact): Promise<number> {
  const { folds, foldNames } = await readSplitDescription(split);
  const names = Array.from({ length: folds }, (_, fold) => `models/fold${fold}/scaler.json`);
  if (!names.some((name) => model.files.includes(name))) return 0;
  const table = await split.table('table');
  const leftOut = await readLeftOut(model);
  let scalers = 0;
  for (const [fold, name] of names.entries()) {
    if (!model.files.includes(name)) continue;
    const roles = table.text(`fold${fold}`);
    const expected = fittedOn(table.ids.filter((id, row) => roles[row] === 'train' && !leftOut.has(id)));
    const found = z.object({ fittedOn: fittedOnSchema }).parse(await model.json(name)).fittedOn;
    if (found.digest !== expected.digest) {
      throw new StageFailure(
        `the scaler of ${foldNames[fold]} was fitted on ${found.clips} clips that are not its ${expected.clips} training clips`,
        {
          place: `${name} of ${model.stage}`,
          hint: 'fit scalers with `fitScaler`, and train again with this split',
        },
      );
    }
    scalers++;
  }
  return scalers;
}
