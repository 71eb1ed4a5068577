import { describe, expect, it } from '@jest/globals';
import { RandomState } from '../../../../stages/random/index.ts';
import { splitParams } from '../../../../stages/train/split/params.ts';
import { splitCorpus } from '../../../../stages/train/split/split.ts';
import { drawStratified } from '../../../../stages/train/split/stratified.ts';
import { sklearnFixture } from '../../sklearn-fixture.ts';
import { ravdess } from './corpora.ts';

interface SplitCase {
  readonly classes: 'ravdess' | 'uneven';
  readonly fraction: number;
  readonly seed: number;
  readonly test: number[];
}

const { uneven, cases } = sklearnFixture<{ uneven: string[]; cases: SplitCase[] }>('splits');

describe('the stratified draw', () => {
  it.each(cases)(
    "is scikit-learn's: $classes, $fraction, seed $seed",
    ({ classes, fraction, seed, test }) => {
      const labels = classes === 'uneven' ? uneven : ravdess(24).clips.map((clip) => clip.emotion);
      const { rest, drawn } = drawStratified(labels, fraction, new RandomState(seed));
      expect([...drawn].sort((a, b) => a - b)).toEqual(test);
      expect(new Set([...rest, ...drawn]).size).toBe(labels.length);
    },
  );

  it("makes the random split scikit-learn's split of the files sorted by name", () => {
    const { folds } = splitCorpus(ravdess(24), splitParams.parse({}));
    const tested = [...folds[0].roles.keys()].filter((position) => folds[0].roles[position] === 'test');
    expect(tested).toHaveLength(288);
    expect(tested).toEqual(cases[0].test);
  });

  it('refuses sides too small to hold each class', () => {
    expect(() => drawStratified(uneven, 0.02, new RandomState(0))).toThrow(
      'a split of 57 clips into 55 and 2 leaves no place for each of 4 emotions',
    );
  });
});
