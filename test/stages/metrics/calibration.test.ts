import { describe, expect, it } from '@jest/globals';
import { expectedCalibrationError, logLoss, reliabilityBins } from '../../../stages/metrics/index.ts';
import { sklearnFixture } from '../sklearn-fixture.ts';

const reference = sklearnFixture<{
  probabilities: number[][];
  labels: number[];
  byBins: Record<string, number>;
}>('calibration');
const probabilities = reference.probabilities.flat();

describe('calibration', () => {
  it.each(Object.entries(reference.byBins))('agrees with numpy at %s bins', (bins, error) => {
    expect(expectedCalibrationError(probabilities, reference.labels, 4, Number(bins))).toBeCloseTo(error, 12);
  });

  it('puts every clip in one bin', () => {
    const bins = reliabilityBins(probabilities, reference.labels, 4, 10);
    expect(bins.reduce((total, { count }) => total + count, 0)).toBe(reference.labels.length);
    for (const { count, confidence, from, to } of bins.filter((bin) => bin.count > 0)) {
      expect(count).toBeGreaterThan(0);
      expect(confidence).toBeGreaterThan(from);
      expect(confidence).toBeLessThanOrEqual(to);
    }
  });

  it('is nought for a model that is sure and right, one for a model that is sure and wrong', () => {
    expect(expectedCalibrationError([1, 0, 0, 1], [0, 1], 2)).toBe(0);
    expect(expectedCalibrationError([1, 0, 0, 1], [1, 0], 2)).toBe(1);
  });

  it('gives the mean log loss and keeps it finite', () => {
    expect(logLoss([0.5, 0.5, 0.25, 0.75], [0, 0], 2)).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 12);
    expect(logLoss([0, 1], [0], 2)).toBeCloseTo(15 * Math.log(10), 6);
  });
});
