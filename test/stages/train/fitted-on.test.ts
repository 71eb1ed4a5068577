import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { auditScalers, fittedOn } from '../../../stages/train/fitted-on.ts';
import { fitScalerOn, scalerToJson } from '../../../stages/train/scaler.ts';
import { stageRig } from './stage-rig.ts';

const rig = stageRig();
const ids = ['a.wav', 'b.wav', 'c.wav', 'd.wav'];
const folds = [
  ['train', 'train', 'validation', 'test'],
  ['test', 'train', 'train', 'validation'],
];

function split(): Promise<InputArtifact> {
  return rig.run(
    'split',
    async ({ output }) => {
      const writer = await output.table('table', { fold0: { type: 'utf8' }, fold1: { type: 'utf8' } });
      for (const [row, id] of ids.entries())
        await writer.write(id, { fold0: folds[0][row], fold1: folds[1][row] });
      await writer.close();
      await output.json('split.json', {
        ...{ kind: 'made', folds: 2, seed: 0, validation: 'own' },
        ...{ emotions: ['calm', 'sad'], foldNames: ['first', 'second'], notes: [] },
      });
    },
    {},
    {},
  );
}

/** A trained stage whose fold `k` has a scaler fitted on `clips[k]`. */
function model(clips: readonly (readonly string[])[]): Promise<InputArtifact> {
  const scaler = fitScalerOn(Float32Array.of(1, 2, 3), 1, [0, 1, 2]);
  return rig.run(
    'train[cnn,mfcc]',
    async ({ output }) => {
      await output.json('summary.json', {});
      for (const [fold, seen] of clips.entries()) {
        await output.json(
          `models/fold${fold}/scaler.json`,
          scalerToJson({ ...scaler, fittedOn: fittedOn(seen) }),
        );
      }
    },
    {},
    {},
  );
}

describe('the audit of scalers', () => {
  it('passes those fitted on the training clips, in whatever order', async () => {
    expect(await auditScalers(await model([['b.wav', 'a.wav'], ['b.wav', 'c.wav']]), await split())).toBe(2); // prettier-ignore
  });

  it('fails the run for one that saw a clip of the test part', async () => {
    const leaking = await model([['a.wav', 'b.wav'], ['a.wav', 'b.wav', 'c.wav']]); // prettier-ignore
    await expect(auditScalers(leaking, await split())).rejects.toThrow(
      'the scaler of second was fitted on 3 clips that are not its 2 training clips',
    );
  });

  it('has nothing to say of a model without scalers', async () => {
    expect(await auditScalers(await model([]), await split())).toBe(0);
  });
});
