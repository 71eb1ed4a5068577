import { describe, expect, it } from '@jest/globals';
import {
  accuracyByGroup,
  accuracyOf,
  addConfusion,
  classificationReport,
  confusionMatrix,
  normalizeRows,
  spreadOf,
  type ClassScores,
} from '../../../stages/metrics/index.ts';
import { sklearnFixture } from '../sklearn-fixture.ts';

interface SklearnScores {
  readonly precision: number;
  readonly recall: number;
  readonly 'f1-score': number;
  readonly support: number;
}

interface MetricsCase {
  readonly classes: number;
  readonly labels: number[];
  readonly predicted: number[];
  readonly confusion: number[][];
  readonly accuracy: number;
  readonly unweightedAverageRecall: number;
  readonly perClass: SklearnScores[];
  readonly macro: SklearnScores;
  readonly weighted: SklearnScores;
}

function expectScores(ours: ClassScores, reference: SklearnScores): void {
  expect(ours.precision).toBeCloseTo(reference.precision, 12);
  expect(ours.recall).toBeCloseTo(reference.recall, 12);
  expect(ours.f1).toBeCloseTo(reference['f1-score'], 12);
  expect(ours.support).toBe(reference.support);
}

describe.each(sklearnFixture<MetricsCase[]>('metrics'))(
  'against scikit-learn, $classes classes',
  (reference) => {
    const confusion = confusionMatrix(reference.labels, reference.predicted, reference.classes);
    const report = classificationReport(confusion);

    it('counts the same confusions', () => {
      expect(confusion).toEqual(reference.confusion);
    });

    it('gives the same scores for each class', () => {
      reference.perClass.forEach((scores, index) => {
        expectScores(report.perClass[index], scores);
      });
    });

    it('gives the same averages', () => {
      expectScores(report.macro, reference.macro);
      expectScores(report.weighted, reference.weighted);
      expect(report.accuracy).toBeCloseTo(reference.accuracy, 12);
      expect(accuracyOf(reference.labels, reference.predicted)).toBeCloseTo(reference.accuracy, 12);
      expect(report.unweightedAverageRecall).toBeCloseTo(reference.unweightedAverageRecall, 12);
    });
  },
);

describe('classes without clips', () => {
  it('do not lower the macro average, unless something is taken for them', () => {
    const two = classificationReport([[3, 1], [1, 3]]); // prettier-ignore
    expect(classificationReport([[3, 1, 0], [1, 3, 0], [0, 0, 0]]).macro).toEqual(two.macro); // prettier-ignore
    // f1_score([0]*4 + [1]*4, [0, 0, 0, 1, 0, 1, 1, 2], average='macro', zero_division=0)
    const mistaken = classificationReport([[3, 1, 0], [1, 2, 1], [0, 0, 0]]); // prettier-ignore
    expect(mistaken.macro.f1).toBeCloseTo((0.75 + 4 / 7 + 0) / 3, 12);
  });
});

describe('confusions', () => {
  it('refuses labels that are no class', () => {
    expect(() => confusionMatrix([0, 8], [0, 1], 8)).toThrow('8 or 1 is none of 8 classes');
    expect(() => confusionMatrix([0], [0, 1], 8)).toThrow('1 labels for 2 predictions');
  });

  it('adds up over folds', () => {
    const whole = confusionMatrix([0, 1, 1, 0], [0, 1, 0, 1], 2);
    const parts = addConfusion(confusionMatrix([0, 1], [0, 1], 2), confusionMatrix([1, 0], [0, 1], 2));
    expect(parts).toEqual(whole);
  });

  it('normalises rows and leaves empty ones', () => {
    expect(normalizeRows([[1, 3], [0, 0]])).toEqual([[0.25, 0.75], [0, 0]]); // prettier-ignore
  });
});

describe('summaries', () => {
  it('gives the deviation of the sample', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, standardDeviation: Math.sqrt(32 / 7) });
    expect(spreadOf([3])).toEqual({ mean: 3, standardDeviation: 0 });
    expect(() => spreadOf([])).toThrow('no values');
  });

  it('gives the accuracy of each speaker', () => {
    expect(accuracyByGroup([0, 1, 1, 0], [0, 1, 0, 0], ['02', '01', '02', '02'])).toEqual([
      { group: '01', count: 1, accuracy: 1 },
      { group: '02', count: 3, accuracy: 2 / 3 },
    ]);
  });
});
