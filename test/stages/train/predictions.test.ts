import { describe, expect, it } from '@jest/globals';
import type { Dataset, Part } from '../../../stages/train/dataset.ts';
import { indexOfLargest, openPredictions } from '../../../stages/train/predictions.ts';
import { stageRig } from './stage-rig.ts';

const rig = stageRig();
const dataset: Dataset = {
  ids: ['a.wav', 'b.wav', 'c.wav'],
  clips: 3,
  features: new Float32Array(3),
  dimension: 1,
  shape: [1],
  labels: Int32Array.of(1, 0, 1),
  emotions: ['calm', 'sad'],
  speakers: ['01', '01', '02'],
  featuresName: 'mfcc',
  folds: [],
  validation: 'own',
  notes: [],
  leftOut: [],
};

function written(fold: number, part: Part, rows: number[], probabilities: number[]) {
  return rig.run(
    'train',
    async ({ output }) => {
      const writer = await openPredictions(output, dataset);
      await writer.write(fold, part, Int32Array.from(rows), dataset, Float32Array.from(probabilities));
      await writer.close();
    },
    {},
    {},
  );
}

describe('predictions', () => {
  it('are a row a clip, with its own probabilities and label', async () => {
    const table = await (await written(2, 'test', [2, 1], [0.25, 0.75, 0.5, 0.5])).table('predictions');
    expect(table.ids).toEqual(['2/test/c.wav', '2/test/b.wav']);
    expect(table.text('clip')).toEqual(['c.wav', 'b.wav']);
    expect(table.text('part')).toEqual(['test', 'test']);
    expect([...table.numbers('fold')]).toEqual([2, 2]);
    expect([...table.numbers('emotionIndex')]).toEqual([1, 0]);
    expect([...table.numbers('predictedIndex')]).toEqual([1, 0]);
    expect([...table.tensor('probabilities').data]).toEqual([0.25, 0.75, 0.5, 0.5]);
  });

  it('name the clip for which a model gives no number', async () => {
    await expect(written(0, 'train', [0, 1], [1, 0, NaN, 0])).rejects.toMatchObject({
      name: 'StageFailure',
      place: 'b.wav',
      message: 'the model gives NaN as a probability',
    });
  });

  it('must be as many as rows and emotions', async () => {
    await expect(written(0, 'train', [0, 1], [1, 0])).rejects.toThrow(
      '2 probabilities for 2 rows of 2 classes',
    );
  });

  it('take the first of equal probabilities', () => {
    expect(indexOfLargest([0.2, 0.4, 0.4])).toBe(1);
  });
});
