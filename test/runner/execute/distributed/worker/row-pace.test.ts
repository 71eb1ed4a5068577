import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RowPace } from '../../../../../runner/execute/distributed/worker/row-pace.ts';

describe('the pace of rows', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** The number of rows done when it is first said that all will soon be. */
  function saidAt(rows: number, milliseconds: number): number | undefined {
    const pace = new RowPace();
    for (let done = 1; done <= rows; done += 1) {
      jest.advanceTimersByTime(milliseconds);
      pace.note(done);
      if (pace.endsSoon(rows)) return done;
    }
    return undefined;
  }

  it('says that a long shard ends five seconds before it does', () => {
    expect(saidAt(300, 100)).toBe(250);
    expect(saidAt(3000, 100)).toBe(2950);
  });

  it('says it in the last quarter of a short one', () => {
    expect(saidAt(40, 100)).toBe(30);
  });

  it('says it where rows are long only when none are left', () => {
    expect(saidAt(20, 60_000)).toBe(20);
  });

  it('says nothing while it knows too few rows', () => {
    expect(saidAt(8, 100)).toBeUndefined();
  });

  it('leaves out what comes before the first row', () => {
    const pace = new RowPace();
    jest.advanceTimersByTime(100_000);
    for (let done = 1; done <= 16; done += 1) {
      pace.note(done);
      jest.advanceTimersByTime(10);
    }
    expect(pace.millisecondsPerRow).toBeCloseTo(10);
  });
});
