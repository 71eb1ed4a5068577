import { describe, expect, it } from '@jest/globals';
import { analysisOf, type AnalysedFigures } from '../../../stages/evaluate/evaluation/analysis.ts';
import { classificationReport } from '../../../stages/metrics/index.ts';
import { history } from './artifacts.ts';

const emotions = ['neutral', 'calm', 'happy'];
const context = { chance: 0.4, confidence: 0.95 };

function figures(confusion: number[][], more: Partial<AnalysedFigures> = {}): AnalysedFigures {
  const report = classificationReport(confusion);
  return {
    trainAccuracy: report.accuracy,
    testAccuracy: report.accuracy,
    testAccuracyInterval: null,
    classes: report.perClass.map((scores, index) => ({ emotion: emotions[index], ...scores })),
    confusion,
    folds: [],
    speakers: [],
    calibration: { ece: 0.1, meanConfidence: report.accuracy, bins: [] },
    ...more,
  };
}

const usual = [
  [8, 2, 0],
  [1, 5, 4],
  [3, 3, 4],
];

describe('the analysis of a model', () => {
  it('is written from its figures', () => {
    const whole = figures(usual, {
      trainAccuracy: 0.9,
      testAccuracyInterval: { low: 0.4, high: 0.7333 },
      folds: [{ fold: 0, seed: 1, epochs: 24, bestEpoch: 14, history: history(24, 14, 0.9) }],
      speakers: [
        { speaker: '01', files: 15, correct: 6, accuracy: 0.4 },
        { speaker: '02', files: 15, correct: 11, accuracy: 11 / 15 },
      ],
      calibration: { ece: 0.1234, meanConfidence: 0.7, bins: [] },
    });
    expect(analysisOf(whole, context)).toEqual([
      'It names 56.7% of the test clips correctly (17 of 30, 95% interval 40.0% to 73.3%), 16.7 points above always naming the commonest emotion (40.0%).',
      'It is strongest on neutral, recognising 80.0% (8 of 10), and weakest on happy, recognising 40.0% (4 of 10).',
      'The confusion seen most often is calm taken for happy: 4 of 10 clips (40.0%). Counting both directions, calm and happy are mixed up most, in 7 of its 13 mistakes.',
      'It overfits strongly: it names 90.0% of the training clips against 56.7% of the test clips correctly, a gap of 33.3 points. Its validation loss was lowest in epoch 14 of 24; the weights of that epoch were kept.',
      'Over the 2 speakers its accuracy runs from 40.0% (speaker 01, 15 clips) to 73.3% (speaker 02, 15 clips).',
      'It is too sure of itself: on average it gives its answer a probability of 70.0% and is right in 56.7% (expected calibration error 0.123).',
    ]);
  });

  it('names the emotions that a model never answers, and all that share the weakest recall', () => {
    const [, classes, confusions, gap] = analysisOf(
      figures(
        [
          [0, 10, 0],
          [0, 10, 0],
          [0, 10, 0],
        ],
        { trainAccuracy: 0.35 },
      ),
      context,
    );
    expect(classes).toBe(
      'It is strongest on calm, recognising 100.0% (10 of 10), and weakest on neutral and happy, recognising none. It never answers neutral or happy.',
    );
    expect(confusions).toBe(
      'The confusion seen most often is neutral taken for calm: 10 of 10 clips (100.0%).',
    );
    expect(gap).toBe(
      'It underfits: with 35.0% of the training clips against 33.3% of the test clips it has learned little even of what it was trained on.',
    );
  });

  it('says so where a model is no better than the commonest emotion', () => {
    const [overall] = analysisOf(
      figures([
        [4, 6, 0],
        [6, 4, 0],
        [0, 6, 4],
      ]),
      context,
    );
    expect(overall).toBe(
      'It names 40.0% of the test clips correctly (12 of 30), no better than always naming the commonest emotion (40.0%).',
    );
  });

  it('finds nothing to say against a perfect model', () => {
    const perfect = figures([
      [5, 0, 0],
      [0, 5, 0],
      [0, 0, 5],
    ]);
    expect(analysisOf(perfect, context).slice(1)).toEqual([
      'Every emotion is recognised equally often: the recall of each is 100.0%.',
      'It confuses no two emotions: every test clip is named correctly.',
      'It does not overfit: it names 100.0% of the training clips against 100.0% of the test clips correctly.',
      'Its confidence is about right taken over all clips: on average it gives its answer a probability of 100.0% and is right in 100.0% (expected calibration error 0.100).',
    ]);
  });

  it.each([
    [0.6, 'It overfits little: it names 60.0%'],
    [0.7, 'It overfits: it names 70.0%'],
    [0.8, 'It overfits strongly: it names 80.0%'],
  ])('judges the gap between a training accuracy of %d and the test', (trainAccuracy, start) => {
    const gap = analysisOf(figures(usual, { trainAccuracy }), { ...context, chance: 0.1 })[3];
    expect(gap.startsWith(start)).toBe(true);
  });

  it('tells over folds when the validation loss was lowest, and where training ended too soon', () => {
    const folds = [8, 20].map((bestEpoch, fold) => ({ fold, seed: 1, epochs: 20, bestEpoch, history: [] }));
    expect(analysisOf(figures(usual, { folds }), context)[3]).toMatch(
      /lowest between epoch 8 and epoch 20, depending on the fold; in 1 of 2 folds that was the last epoch, so longer training may help\.$/,
    );
  });

  it('leaves emotions without test clips out of strongest and weakest', () => {
    const [, classes] = analysisOf(
      figures([
        [4, 1, 0],
        [2, 3, 0],
        [0, 0, 0],
      ]),
      context,
    );
    expect(classes).toBe(
      'It is strongest on neutral, recognising 80.0% (4 of 5), and weakest on calm, recognising 60.0% (3 of 5). It never answers happy.',
    );
  });
});
