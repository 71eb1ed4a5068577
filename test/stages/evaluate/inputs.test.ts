import { describe, expect, it } from '@jest/globals';
import { StageFailure } from '../../../runner/kind/index.ts';
import { readSplit } from '../../../stages/evaluate/inputs/split.ts';
import { readTraining } from '../../../stages/evaluate/inputs/training.ts';
import { splitArtifact, sure, trainingArtifact, type Clip } from './artifacts.ts';
import { memoryArtifact } from './memory.ts';

const emotions = ['neutral', 'calm'];
const clips: readonly Clip[] = [
  { id: 'a', emotion: 'neutral', speaker: '01', roles: ['train'] },
  { id: 'b', emotion: 'calm', speaker: '01', roles: ['test'] },
];
const answer = (clip: Clip): number[] => sure(emotions, clip.emotion, 0.9);
const split = readSplit(splitArtifact(clips, { emotions }));

async function failure(promise: Promise<unknown>): Promise<StageFailure> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StageFailure)) throw new Error('a StageFailure was expected', { cause: error });
  return error;
}

describe('what evaluate takes in', () => {
  it('must be trained models', async () => {
    const { message, place, hint } = await failure(readTraining(memoryArtifact('mfcc', {}), await split));
    expect(message).toBe('it holds no summary.json, so it is no trained model');
    expect(place).toBe('mfcc');
    expect(hint).toMatch(/train\[\*\]/);
  });

  it('must have a summary of the agreed shape', async () => {
    const artifact = memoryArtifact('train[cnn]', { json: { 'summary.json': { model: 'cnn', emotions } } });
    const { message, place } = await failure(readTraining(artifact, await split));
    expect(message).toMatch(/^summary\.json: /);
    expect(message).toMatch(/features/);
    expect(place).toBe('train[cnn]');
  });

  it('must be trained on the emotions of the split', async () => {
    const other = trainingArtifact('train[cnn]', clips, answer, { emotions: ['calm', 'neutral'] });
    const { message } = await failure(readTraining(other, await split));
    expect(message).toBe('it knows the emotions calm, neutral, the split split neutral, calm');
  });

  it('must be tested on the clips of the split', async () => {
    const more: Clip[] = [...clips, { id: 'c', emotion: 'calm', speaker: '02', roles: ['test'] }];
    const { message } = await failure(
      readTraining(trainingArtifact('train[cnn]', more, answer, { emotions }), await split),
    );
    expect(message).toBe(
      'its test predictions are not those of the split split: 0 missing, 1 too many, such as 0/c (fold/clip)',
    );
  });

  it('must have something to test on', async () => {
    const all = clips.map((clip): Clip => ({ ...clip, roles: ['train'] }));
    const { message } = await failure(readSplit(splitArtifact(all, { emotions })));
    expect(message).toBe('no clip is in a test part, so there is nothing to evaluate on');
  });
});
