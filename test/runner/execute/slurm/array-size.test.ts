import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rangesAfterProbe } from '../../../../runner/execute/distributed/shards.ts';
import { rowsOfTask, tasksFor } from '../../../../runner/execute/slurm/array-size.ts';

const limits = { tasks: 64, maxArraySize: 1001 };

describe('the array of a row stage', () => {
  it.each([
    [undefined, 64],
    [0, 0],
    [16, 0],
    [17, 2],
    [160, 10],
    [5000, 64],
  ])('of %s rows has %s tasks', (rows, tasks) => {
    expect(tasksFor(rows, limits)).toBe(tasks);
  });

  it('has tasks of as many rows as were asked for, as far as Slurm allows', () => {
    expect(tasksFor(100, { ...limits, rowsPerTask: 10 })).toBe(10);
    expect(tasksFor(5, { ...limits, rowsPerTask: 10 })).toBe(1);
    expect(tasksFor(100_000, { ...limits, rowsPerTask: 10 })).toBe(1001);
    expect(rowsOfTask(100_000, 1001, 10)).toBe(100);
  });

  it('takes each row once, whatever was known of their number before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000 }),
        fc.option(fc.integer({ min: 1, max: 50_000 }), { nil: undefined }),
        fc.integer({ min: 1, max: 2000 }),
        fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
        fc.integer({ min: 1, max: 1500 }),
        (missing, expected, wanted, rowsPerTask, maxArraySize) => {
          const asked = rowsPerTask !== undefined && { rowsPerTask };
          const tasks = tasksFor(expected, { tasks: wanted, maxArraySize, ...asked });
          expect(tasks).toBeLessThanOrEqual(maxArraySize);
          if (tasks === 0) return;
          const rows = rowsOfTask(missing, tasks, rowsPerTask);
          const ranges = rangesAfterProbe(missing, 0, undefined, { rows, seconds: 1, atMost: tasks });
          expect(ranges.length).toBeLessThanOrEqual(tasks);
          expect(ranges.map(({ from }) => from)).toEqual([0, ...ranges.map(({ to }) => to).slice(0, -1)]);
          expect(ranges.at(-1)?.to).toBe(missing);
        },
      ),
    );
  });
});
