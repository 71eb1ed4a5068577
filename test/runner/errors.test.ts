import { describe, expect, it } from '@jest/globals';
import { formatPlace, formatProblem, PipelineError } from '../../runner/errors.ts';

const source = 'stages:\n  mfcc: {uses: mfc}\n\tx: {a: b}\n';

describe('a problem as it is shown', () => {
  it('has its place, the line, carets and the way out', () => {
    const place = { file: 'pipeline.yaml', line: 2, column: 16, endColumn: 19 };
    const problem = {
      message: 'unknown kind mfc',
      place,
      hint: 'did you mean mfcc?\nsee the list',
      stage: 'mfcc',
    };
    expect(formatProblem(problem, { source })).toBe(
      [
        'pipeline.yaml:2:16: unknown kind mfc',
        '    mfcc: {uses: mfc}',
        '                 ^^^',
        '  did you mean mfcc?',
        '  see the list',
      ].join('\n'),
    );
  });

  it('keeps tabs before the carets, so that they stay below', () => {
    const place = { file: 'f', line: 3, column: 5, endColumn: 11 };
    expect(formatProblem({ message: 'wrong', place }, { source })).toBe(
      'f:3:5: wrong\n  \tx: {a: b}\n  \t   ^^^^^^',
    );
  });

  it('has one caret where the end is not known, and none beyond the line', () => {
    const place = { file: 'f', line: 1, column: 1 };
    expect(formatProblem({ message: 'wrong', place }, { source })).toBe('f:1:1: wrong\n  stages:\n  ^');
    const far = { file: 'f', line: 1, column: 5, endColumn: 90 };
    expect(formatProblem({ message: 'wrong', place: far }, { source })).toBe(
      'f:1:5: wrong\n  stages:\n      ^^^',
    );
  });

  it('shows the surroundings of a place in a long line', () => {
    const long = `${'a'.repeat(200)} here ${'b'.repeat(200)}`;
    const place = { file: 'f', line: 1, column: 202, endColumn: 206 };
    const [, line, carets] = formatProblem({ message: 'wrong', place }, { source: long }).split('\n');
    expect(line).toHaveLength(102);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('here');
  });

  it('has no line where the source is not known or shorter', () => {
    const place = { file: 'f', line: 9, column: 2 };
    expect(formatProblem({ message: 'wrong', place })).toBe('f:9:2: wrong');
    expect(formatProblem({ message: 'wrong', place }, { source })).toBe('f:9:2: wrong');
  });

  it('names the stage where it has no place, and stands alone where it has neither', () => {
    expect(formatProblem({ message: 'out of memory', stage: 'train[cnn]' })).toBe(
      'train[cnn]: out of memory',
    );
    expect(formatProblem({ message: 'out of memory' })).toBe('out of memory');
    expect(formatProblem({ message: 'wrong', place: { file: '--set a.b=c' }, stage: 'a' })).toBe(
      '--set a.b=c: wrong',
    );
  });

  it('is coloured only on request', () => {
    const problem = { message: 'wrong', place: { file: 'f', line: 1, column: 1 }, hint: 'mend it' };
    const coloured = formatProblem(problem, { source, colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatProblem(problem, { source }));
  });
});

it('a place reads as editors link it', () => {
  expect(formatPlace({ file: 'a.yaml', line: 3, column: 7, endColumn: 9 })).toBe('a.yaml:3:7');
  expect(formatPlace({ file: 'a.yaml', line: 3 })).toBe('a.yaml:3');
  expect(formatPlace({ file: 'a.yaml', column: 7 })).toBe('a.yaml');
});

it('an error that carries problems has them all, and the exit code', () => {
  const error = new PipelineError([{ message: 'first' }, { message: 'second' }], 2);
  expect(error).toMatchObject({ name: 'PipelineError', message: 'first\nsecond', exitCode: 2 });
});
