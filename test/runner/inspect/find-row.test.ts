import { describe, expect, it } from '@jest/globals';
import { PipelineError, type Problem } from '../../../runner/errors.ts';
import { findRow } from '../../../runner/inspect/find-row.ts';

const ids = [
  'Actor_01/03-01-01-01-01-01-01.wav',
  'Actor_01/03-01-02-01-01-01-01.wav',
  'Actor_02/03-01-02-01-01-01-02.wav',
  'a/same.wav',
  'b/same.wav',
];

function problemOf(wanted: string, among: readonly string[] = ids): Problem {
  try {
    findRow('table.arrow', among, wanted);
  } catch (error) {
    if (error instanceof PipelineError) {
      expect(error.exitCode).toBe(2);
      return error.problems[0];
    }
    throw error;
  }
  throw new Error('a row was found');
}

describe('a row', () => {
  it('is found by its id, or by the last part of it', () => {
    expect(findRow('table.arrow', ids, 'Actor_01/03-01-02-01-01-01-01.wav')).toBe(1);
    expect(findRow('table.arrow', ids, '03-01-02-01-01-01-02.wav')).toBe(2);
    expect(findRow('table.arrow', ['x', 'a/x'], 'x')).toBe(0);
  });

  it('that is not there is answered with the nearest ids', () => {
    expect(problemOf('03-01-02-01-01-01-03.wav')).toEqual({
      message: 'there is no row 03-01-02-01-01-01-03.wav',
      place: { file: 'table.arrow' },
      hint:
        'the nearest ids are Actor_01/03-01-02-01-01-01-01.wav, ' +
        'Actor_02/03-01-02-01-01-01-02.wav, Actor_01/03-01-01-01-01-01-01.wav',
    });
  });

  it('that could be two is answered with both', () => {
    expect(problemOf('same.wav')).toMatchObject({
      message: '2 rows end with same.wav',
      hint: 'e.g. a/same.wav, b/same.wav',
    });
  });

  it('of an empty table is answered with that', () => {
    expect(problemOf('x', [])).toMatchObject({ hint: 'the table has no rows' });
  });
});
