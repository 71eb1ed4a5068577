import { describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { evaluate } from '../../../stages/evaluate/evaluation/evaluate.ts';
import { params } from '../../../stages/evaluate/index.ts';
import { readSplit } from '../../../stages/evaluate/inputs/split.ts';
import { readTraining } from '../../../stages/evaluate/inputs/training.ts';
import { fittedOn } from '../../../stages/train/fitted-on.ts';
import { splitArtifact, sure, trainingArtifact, type Clip } from './artifacts.ts';
import { report } from './rig.ts';

const emotions = ['calm', 'happy', 'surprised'];
const clips: Clip[] = [
  { id: 'a', emotion: 'calm', speaker: '01', roles: ['train'] },
  { id: 'b', emotion: 'happy', speaker: '01', roles: ['train'] },
  { id: 'c', emotion: 'calm', speaker: '02', roles: ['test'] },
  { id: 'd', emotion: 'happy', speaker: '02', roles: ['test'] },
  { id: 'e', emotion: 'surprised', speaker: '03', roles: ['unused'] },
];
const split = splitArtifact(clips, { emotions, kind: 'speaker' });

/** A training whose scaler was fitted on the clips named. */
function trained(scaledBy: readonly string[], measurements = {}): InputArtifact {
  const artifact = trainingArtifact(
    'train[cnn,mfcc]',
    clips,
    (clip) => sure(emotions, clip.emotion, 0.9),
    { emotions },
    measurements,
  );
  const scaler = { mean: [0], standardDeviation: [1], fittedOn: fittedOn(scaledBy) };
  return {
    ...artifact,
    files: [...artifact.files, 'models/fold0/scaler.json'],
    json: (file) => (file.endsWith('scaler.json') ? Promise.resolve(scaler) : artifact.json(file)),
  };
}

describe('what evaluate checks', () => {
  it('passes scalers that were fitted on training clips, and says so', async () => {
    const made = await report({ split, models: [trained(['a', 'b'])] });
    expect(made.html).toContain('The one scaler of the features was checked against the split');
    await made.remove();
  });

  it('fails where a scaler saw the test part', async () => {
    await expect(report({ split, models: [trained(['a', 'b', 'c', 'd'])] })).rejects.toMatchObject({
      name: 'StageFailure',
      message: 'the scaler of fold 1 was fitted on 4 clips that are not its 2 training clips',
    });
  });

  it('gives the same bytes for trainings that differ only in how long they took', async () => {
    const [slow, fast] = [
      await report({ split, models: [trained(['a', 'b'], { fitSeconds: 90 })] }),
      await report({ split, models: [trained(['a', 'b'], { fitSeconds: 3 })] }),
    ];
    expect(slow.html).toBe(fast.html);
    expect(slow.markdown).toBe(fast.markdown);
    expect(slow.metrics).toEqual(fast.metrics);
    await slow.remove();
    await fast.remove();
  });

  it('leaves out an emotion that no fold uses, and says so', async () => {
    const made = await report({ split, models: [trained(['a', 'b'])] });
    expect(made.metrics.dataset.counts).toEqual({ calm: 2, happy: 2 });
    expect(made.metrics.results[0].confusion).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(made.metrics.results[0].perClass.map(({ emotion }) => emotion)).toEqual(['calm', 'happy']);
    expect(made.html).toContain('In no part of any fold, and so in no figure: surprised (1 clip).');
    await made.remove();
  });

  it('keeps an emotion that no fold uses where a model names it', async () => {
    const model = trainingArtifact(
      'train[cnn,mfcc]',
      clips,
      (clip) => sure(emotions, clip.id === 'd' ? 'surprised' : clip.emotion, 0.9),
      { emotions },
    );
    const evaluation = evaluate(
      await readSplit(split),
      [await readTraining(model, await readSplit(split))],
      params.parse({}),
    );
    expect(evaluation.emotions).toEqual(emotions);
    expect(evaluation.models[0].confusion).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
  });

  it('shows a forest’s accuracy out of bag, the mean over the folds', async () => {
    const fold = { fold: 0, seed: 1, epochs: 0, bestEpoch: null, history: [] };
    const forest = trainingArtifact(
      'train[random-forest,mfcc]',
      clips,
      (clip) => sure(emotions, clip.emotion, 0.9),
      {
        emotions,
        model: 'random-forest',
        folds: [
          { ...fold, outOfBagAccuracy: 0.5 },
          { ...fold, outOfBagAccuracy: 0.75 },
        ],
      },
    );
    const made = await report({ split, models: [forest] });
    expect(made.metrics.results[0].outOfBagAccuracy).toBe(0.625);
    expect(made.html).toContain('out of bag 62.5%');
    expect(made.markdown).toContain('62.5%');
    await made.remove();
  });
});
