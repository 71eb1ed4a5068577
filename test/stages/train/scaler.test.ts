import { describe, expect, it } from '@jest/globals';
import {
  applyScaler,
  fitScaler,
  fitScalerOn,
  scalerFromJson,
  scalerToJson,
  standardizeBySpeaker,
} from '../../../stages/train/scaler.ts';
import type { Dataset } from '../../../stages/train/dataset.ts';
import { fittedOn } from '../../../stages/train/fitted-on.ts';
import { sklearnFixture } from '../sklearn-fixture.ts';

const reference = sklearnFixture<{
  rows: number[][];
  mean: number[];
  scale: number[];
  scaled: number[][];
}>('scaler');
const features = Float32Array.from(reference.rows.flat());
const dimension = reference.mean.length;

function datasetOf(shape: readonly number[], speakers: readonly string[] = []): Dataset {
  const count = features.length / dimension;
  return {
    ids: Array.from({ length: count }, (_, row) => `clip ${row}`),
    clips: count,
    features,
    dimension,
    shape,
    labels: new Int32Array(count),
    emotions: ['neutral', 'calm'],
    speakers,
    featuresName: 'mfcc',
    folds: [],
    validation: 'own',
    notes: [],
    leftOut: [],
  };
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  });
}

describe('the scaler', () => {
  const rows = reference.rows.map((_, row) => row);

  it("has the mean and scale of scikit-learn's StandardScaler, a constant feature included", () => {
    const scaler = fitScalerOn(features, dimension, rows);
    expectClose(scaler.mean, reference.mean, 1e-7);
    expectClose(scaler.scale, reference.scale, 1e-7);
    expectClose(applyScaler(scaler, features), reference.scaled.flat(), 1e-3);
  });

  it('sees the training rows alone', () => {
    const part = (...of: number[]) => Int32Array.from(of);
    const fold = {
      ...{ index: 0, name: '', train: part(0, 2, 5), augmented: part() },
      ...{ validation: part(1), test: part(3, 4) },
    };
    const scaler = fitScaler(datasetOf([dimension]), fold);
    expect(scaler).toMatchObject(fitScalerOn(features, dimension, [0, 2, 5]));
    expect(scaler.mean).not.toEqual(fitScalerOn(features, dimension, rows).mean);
    expect(scaler.fittedOn).toEqual(fittedOn(['clip 5', 'clip 0', 'clip 2']));
    expect(scalerToJson(scaler).fittedOn).toEqual(scaler.fittedOn);
  });

  it('shares the statistics of a channel over the steps of a sequence', () => {
    const sequences = Float32Array.from([1, 10, 3, 30, 5, 50, 7, 70]);
    const scaler = fitScalerOn(sequences, 4, [0, 1], 2);
    expect([...scaler.mean]).toEqual([4, 40]);
    const scaled = applyScaler(scaler, sequences);
    expect(scaled[0]).toBeCloseTo(-3 / Math.sqrt(5), 6);
    expect(scaled[1]).toBeCloseTo(-3 / Math.sqrt(5), 6);
  });

  it('comes back from JSON bit by bit', () => {
    const scaler = fitScalerOn(features, dimension, rows);
    expect(scalerFromJson(JSON.parse(JSON.stringify(scalerToJson(scaler))))).toEqual(scaler);
  });

  it('standardises each speaker alone', () => {
    const speakers = rows.map((row) => (row % 2 === 0 ? '01' : '02'));
    const scaled = standardizeBySpeaker(datasetOf([dimension], speakers));
    for (const parity of [0, 1]) {
      const own = rows.filter((row) => row % 2 === parity).map((row) => scaled[row * dimension]);
      expect(own.reduce((total, value) => total + value, 0)).toBeCloseTo(0, 5);
      expect(own.reduce((total, value) => total + value * value, 0) / own.length).toBeCloseTo(1, 5);
    }
  });

  it('refuses to be fitted on nothing', () => {
    expect(() => fitScalerOn(features, dimension, [])).toThrow('at least one row');
  });
});
