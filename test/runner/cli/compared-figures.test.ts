import { describe, expect, it } from '@jest/globals';
import { comparedFigures } from '../../../runner/cli/compared-figures.ts';

const metrics = [
  { name: 'evaluate results[cnn,mfcc,train[cnn]].testAccuracy', a: 0.84765625, b: 0.8515625 },
  { name: 'evaluate results[cnn,mfcc,train[cnn]].params', a: 166984, b: 166985 },
  { name: 'evaluate results[cnn,mfcc,train[cnn]].perClass[calm].f1', a: 0.75, b: 0.76 },
  { name: 'evaluate results[cnn,mfcc,train[cnn]].testAccuracyInterval.low', a: 0.7, b: 0.8 },
  { name: 'evaluate results[lstm,mfcc,train[lstm]].testAccuracy', a: undefined, b: 0.5 },
  { name: 'tell score', a: 1, b: 2 },
];

describe('figures of two runs', () => {
  it('stand under the result that they are of, those of its parts counted', () => {
    expect(comparedFigures(metrics, false)).toEqual([
      'evaluate results[cnn,mfcc,train[cnn]]',
      '  testAccuracy  0.8477 → 0.8516',
      '  params        166984 → 166985',
      'evaluate results[lstm,mfcc,train[lstm]]',
      '  testAccuracy  none → 0.5',
      'tell',
      '  score  1 → 2',
      '2 more figures differ, of parts of these results: --all shows them',
    ]);
  });

  it('are all shown where they are asked for', () => {
    expect(comparedFigures(metrics, true).slice(0, 5)).toEqual([
      'evaluate results[cnn,mfcc,train[cnn]]',
      '  testAccuracy              0.8477 → 0.8516',
      '  params                    166984 → 166985',
      '  perClass[calm].f1         0.75 → 0.76',
      '  testAccuracyInterval.low  0.7 → 0.8',
    ]);
    expect(comparedFigures([], true)).toEqual([]);
  });
});
