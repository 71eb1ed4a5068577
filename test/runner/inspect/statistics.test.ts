import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RunningStatistics, RunningTexts } from '../../../runner/inspect/statistics.ts';

function statisticsOf(portions: readonly (readonly number[])[]): ReturnType<RunningStatistics['result']> {
  const statistics = new RunningStatistics();
  for (const portion of portions) statistics.add(portion);
  return statistics.result();
}

describe('running statistics', () => {
  it('are those of numpy', () => {
    // numpy: np.std([1, 2, 3, 4, 10]) == 3.1622776601683795
    expect(statisticsOf([[1, 2], [], [3, 4, 10]])).toEqual({
      count: 5,
      nan: 0,
      infinite: 0,
      min: 1,
      mean: 4,
      max: 10,
      std: expect.closeTo(Math.sqrt(10), 12),
    });
  });

  it('do not depend on how the numbers are portioned', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(number)), (portions) => {
        const all = statisticsOf([portions.flat()]);
        const some = statisticsOf(portions);
        expect(some).toMatchObject({ count: all.count, min: all.min, max: all.max });
        if (all.mean === null || all.std === null) return;
        expect(Math.abs(some.mean! - all.mean)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(all.mean)));
        expect(Math.abs(some.std! - all.std)).toBeLessThanOrEqual(1e-6 * (1 + all.std));
      }),
    );
  });

  it('keep their digits where the mean is large beside the spread', () => {
    const portions = Array.from({ length: 100 }, () => [1e9 + 1, 1e9 - 1]);
    expect(statisticsOf(portions)).toMatchObject({ mean: 1e9, std: 1 });
  });

  it('count what is no number apart', () => {
    expect(
      statisticsOf([
        [NaN, 1, Infinity],
        [3, -Infinity, NaN, NaN],
      ]),
    ).toEqual({
      count: 2,
      nan: 3,
      infinite: 2,
      min: 1,
      mean: 2,
      max: 3,
      std: 1,
    });
    expect(statisticsOf([[NaN]])).toMatchObject({ count: 0, min: null, mean: null, max: null, std: null });
  });
});

describe('running counts of texts', () => {
  it('name the most frequent first, and the others in order', () => {
    const texts = new RunningTexts();
    for (const text of ['sad', 'angry', 'calm', 'angry']) texts.add(text);
    expect(texts.result()).toEqual({
      distinct: 3,
      isCapped: false,
      common: [
        { value: 'angry', count: 2 },
        { value: 'calm', count: 1 },
        { value: 'sad', count: 1 },
      ],
    });
  });

  it('stop taking up new ones before memory fills', () => {
    const texts = new RunningTexts();
    for (let index = 0; index < 10_050; index++) texts.add(`text ${index}`);
    texts.add('text 7');
    expect(texts.result()).toMatchObject({ distinct: 10_000, isCapped: true });
    expect(texts.result().common[0]).toEqual({ value: 'text 7', count: 2 });
  });
});
