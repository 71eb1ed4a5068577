import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RowRange, ShardSettings } from '../../../../runner/execute/distributed/tasks.ts';
import { probe, rangesAfterProbe } from '../../../../runner/execute/distributed/shards.ts';

const settings: ShardSettings = { seconds: 30, atMost: 1000 };

describe('the shards of a row stage', () => {
  it('cover every row once, and are no more than may be under way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.option(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { nil: undefined }),
        fc.record({ atMost: fc.integer({ min: 1, max: 1000 }), seconds: fc.integer({ min: 1, max: 600 }) }),
        fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined }),
        (missing, millisecondsPerRow, some, rows) => {
          const all = { ...settings, ...some, ...(rows !== undefined && { rows }) };
          const first = probe(missing, all);
          const start = first?.to ?? 0;
          const ranges = [
            ...(first === undefined ? [] : [first]),
            ...rangesAfterProbe(missing, start, millisecondsPerRow, all),
          ];
          const followsTheLast = ({ from, to }: RowRange, at: number): boolean =>
            from === (ranges[at - 1]?.to ?? 0) && to > from;
          expect(ranges.every(followsTheLast)).toBe(true);
          expect(ranges.at(-1)?.to).toBe(missing);
          expect(ranges.length).toBeLessThanOrEqual(all.atMost + 1);
        },
      ),
    );
  });

  it('take the time they should, and less towards the end', () => {
    // Rows of 300 ms: a hundred of them take 30 s.
    const sizes = rangesAfterProbe(10_000, 16, 300, settings).map(({ from, to }) => to - from);
    expect(Math.max(...sizes)).toBe(100);
    expect(sizes.at(-1)).toBeLessThanOrEqual(24);
    expect([...sizes.slice(0, -1)].sort((a, b) => b - a)).toEqual(sizes.slice(0, -1));
  });

  it('have the size that was asked for', () => {
    const sizes = rangesAfterProbe(250, 0, undefined, { ...settings, rows: 100 }).map(
      ({ from, to }) => to - from,
    );
    expect(sizes).toEqual([100, 100, 50]);
    expect(probe(250, { ...settings, rows: 100 })).toBeUndefined();
  });

  it('are one where there are few rows', () => {
    expect(probe(20, settings)).toBeUndefined();
    expect(rangesAfterProbe(20, 0, undefined, settings)).toEqual([{ from: 0, to: 20 }]);
    expect(rangesAfterProbe(0, 0, undefined, settings)).toEqual([]);
  });
});
