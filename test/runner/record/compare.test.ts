import { describe, expect, it } from '@jest/globals';
import { comparedFigures } from '../../../runner/cli/compared-figures.ts';
import { compareRuns, figures, type ComparedRun } from '../../../runner/record/compare.ts';

/** A run of one stage with these metrics. */
function run(name: string, metrics: unknown): ComparedRun {
  return {
    record: { stages: { evaluate: { key: name, artifact: name } } },
    entry: () => ({ fingerprint: {} }),
    metrics: () => Promise.resolve(metrics),
  } as unknown as ComparedRun;
}

describe('figures of a list', () => {
  it('are known by the words that their item begins with', () => {
    const value = [{ a: 'one', b: 'two', p: 0.5, method: 'over 6 speakers', inner: { low: 1 } }];
    expect([...figures(value, 'x')]).toEqual([
      ['x[one,two].p', 0.5],
      ['x[one,two].inner.low', 1],
    ]);
  });

  it('are known by all its words where two begin alike, and by its place where there are none', () => {
    const value = [
      { model: 'cnn', p: 1, stage: 'small' },
      { model: 'cnn', p: 2, stage: 'large' },
      { model: 'lstm', p: 3, stage: 'lstm' },
      { p: 4 },
    ];
    expect([...figures(value, 'x').keys()]).toEqual([
      'x[cnn,small].p',
      'x[cnn,large].p',
      'x[lstm].p',
      'x[3].p',
    ]);
  });
});

describe('test accuracies of two runs', () => {
  const result = (testAccuracy: number, validationAccuracy: number | null): unknown => ({
    results: [{ model: 'cnn', testAccuracy, validationAccuracy }],
  });
  const shown = async (a: unknown, b: unknown): Promise<string[]> =>
    comparedFigures((await compareRuns(run('a', a), run('b', b))).metrics, false);

  it('are said to choose on the test part where there are no validation figures', async () => {
    expect(await shown(result(0.5, null), result(0.6, null))).toEqual([
      'evaluate results[cnn]',
      '  testAccuracy  0.5 → 0.6  (no validation figures: a run chosen by it is chosen on the test part)',
    ]);
  });

  it('stand alone where there are, even equal ones', async () => {
    expect(await shown(result(0.5, 0.4), result(0.6, 0.4))).toEqual([
      'evaluate results[cnn]',
      '  testAccuracy  0.5 → 0.6',
    ]);
  });
});
