import { describe, expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { cut, formatTable } from '../../../runner/inspect/format/text-table.ts';

describe('a table of text', () => {
  it('is aligned by what is seen, not by code units', () => {
    const rows = [{ cells: ['日本', '1'] }, { cells: ['é', '10'] }, { cells: ['abcd', '100'] }];
    expect(formatTable(rows, 80, new Set([1]))).toEqual(['日本    1', 'é      10', 'abcd  100']);
  });

  it('goes on below where the text behind the cells is long', () => {
    const rows = [
      { cells: ['emotion'], rest: 'angry 192, calm 192, sad 192, happy 192' },
      { cells: ['n'], rest: '1' },
    ];
    expect(formatTable(rows, 31)).toEqual([
      'emotion  angry 192, calm 192,',
      '         sad 192, happy 192',
      'n        1',
    ]);
  });

  it('never is wider than it may be', () => {
    const rows = [{ cells: ['a'.repeat(30), 'b'.repeat(30)], rest: 'c'.repeat(90) }, { cells: ['d', 'e'] }];
    for (const width of [10, 40, 70]) {
      for (const line of formatTable(rows, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('shows no control characters, by which a file name could command the terminal', () => {
    expect(cut('a\x1b[2Jb\nc', 80)).toBe('a�[2Jb�c');
    expect(formatTable([{ cells: ['\x1b[31m'], rest: '\x07' }], 80)).toEqual(['�[31m  �']);
  });

  it('is cut with a sign, and never through a character', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('👩‍👩‍👧ab', 3)).toBe('👩‍👩‍👧…');
    expect(cut('ab cd', 4)).toBe('ab…');
  });
});
