import { describe, expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { matrixOf } from '../../../runner/inspect/matrix.ts';
import {
  renderColourMap,
  renderCurve,
  renderHeatMap,
  sparkline,
} from '../../../runner/inspect/format/renderings.ts';

describe('a curve in the terminal', () => {
  it('is a block for each value where there is room', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 20)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([7, 7, 7], 20)).toBe('▅▅▅');
    expect(sparkline([0, NaN, 1], 20)).toBe('▁·█');
  });

  it('is a block for the mean of some values where there is not', () => {
    expect(sparkline([0, 0, 4, 4, 8, 8], 3)).toBe('▁▅█');
  });

  it('shows the envelope of an oscillation, whose means are all zero', () => {
    const values = Array.from(
      { length: 1000 },
      (_, index) => (index % 2 === 0 ? 1 : -1) * (index < 500 ? 1 : 0.25),
    );
    const lines = renderCurve(values, 10);
    expect(lines).toEqual(['⣿⣿⣿⣿⣿⠀⠀⠀⠀⠀', '⣿⣿⣿⣿⣿⣤⣤⣤⣤⣤', '⣿⣿⣿⣿⣿⠛⠛⠛⠛⠛', '⣿⣿⣿⣿⣿⠀⠀⠀⠀⠀']);
  });

  it('is nothing where there are no values', () => {
    expect(renderCurve([], 10)).toEqual([]);
  });
});

describe('a matrix in the terminal', () => {
  const matrix = matrixOf({ type: 'tensor', shape: [2, 3] }, [0, 1, 2, 3, 4, 5])!;

  it('is a block for each number', () => {
    expect(renderHeatMap(matrix, 80)).toEqual(['▁▂▄', '▅▇█']);
  });

  it('fits into the width and the lines there are', () => {
    const large = matrixOf({ type: 'sequence', shape: [40] }, new Float32Array(40 * 500))!;
    for (const lines of [renderHeatMap(large, 33), renderColourMap(large, 33)]) {
      expect(lines.length).toBe(16);
      for (const line of lines) expect(stripVTControlCharacters(line).length).toBe(33);
    }
  });

  it('has two of its lines in one in colours, from dark blue to yellow', () => {
    expect(renderColourMap(matrixOf({ type: 'tensor', shape: [3, 2] }, [0, 0, 1, 1, 0, 1])!, 80)).toEqual([
      '\x1b[38;5;53;48;5;220m▀\x1b[38;5;53;48;5;220m▀\x1b[0m',
      '\x1b[38;5;53m▀\x1b[38;5;220m▀\x1b[0m',
    ]);
  });
});

describe('a number far from all others', () => {
  it('does not flatten them', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index === 0 ? -1000 : index % 8));
    expect(sparkline(values, 100).slice(0, 9)).toBe('▁▂▃▄▅▆▇█▁');
  });
});
