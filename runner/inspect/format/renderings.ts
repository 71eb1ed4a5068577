import { colourOf, type Rgb } from '../colour-map.ts';
import { curve, part, rangeOf, shrink, spreadOf, type Matrix } from '../matrix.ts';

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const waveformLines = 4;
const mapLines = 16;
/** With more values than these in a character, their mean says little: oscillations would vanish. */
const valuesInMean = 4;

/** A curve in one line, or in some where it has many values for each character. */
export function renderCurve(values: readonly number[], width: number): string[] {
  if (values.length === 0) return [];
  return values.length > valuesInMean * width ? renderWaveform(values, width) : [sparkline(values, width)];
}

/** A curve as blocks of eight heights; where there are more values than characters, of their means. */
export function sparkline(values: readonly number[], width: number): string {
  return renderBlocks(shrink(curve(values), 1, width))[0];
}

/** A matrix as blocks: the higher, the greater the number. */
export function renderHeatMap(matrix: Matrix, width: number, lines: number = mapLines): string[] {
  return renderBlocks(shrink(matrix, lines, width));
}

function renderBlocks(matrix: Matrix): string[] {
  const { low, high } = spreadOf(matrix);
  return Array.from({ length: matrix.rows }, (_, row) =>
    Array.from({ length: matrix.columns }, (__, column) => {
      const value = matrix.at(row, column);
      if (!Number.isFinite(value)) return '·';
      const share = high > low ? Math.max(0, (value - low) / (high - low)) : 0.5;
      return blocks[Math.min(Math.floor(share * blocks.length), blocks.length - 1)];
    }).join(''),
  );
}

/** A matrix in colours, two of its lines in one of the terminal. */
export function renderColourMap(whole: Matrix, width: number, lines: number = mapLines): string[] {
  const matrix = shrink(whole, 2 * lines, width);
  const range = spreadOf(matrix);
  return Array.from({ length: Math.ceil(matrix.rows / 2) }, (_, line) => {
    const characters = Array.from({ length: matrix.columns }, (__, column) => {
      const upper = colourCode(colourOf(matrix.at(2 * line, column), range));
      if (2 * line + 1 >= matrix.rows) return `\x1b[38;5;${upper}m▀`;
      const lower = colourCode(colourOf(matrix.at(2 * line + 1, column), range));
      return `\x1b[38;5;${upper};48;5;${lower}m▀`;
    });
    return `${characters.join('')}\x1b[0m`;
  });
}

/** The nearest colour of the 6 × 6 × 6 cube that terminals of 256 colours have. */
function colourCode([red, green, blue]: Rgb): number {
  const level = (channel: number): number =>
    channel < 48 ? 0 : channel < 115 ? 1 : Math.floor((channel - 35) / 40);
  return 16 + 36 * level(red) + 6 * level(green) + level(blue);
}

/** The dots of a braille character from the top, left then right; their bits start at U+2800. */
const brailleBits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

/** A curve of many values in braille dots: each column of dots reaches from the least to the greatest in it. */
function renderWaveform(values: readonly number[], width: number): string[] {
  const { low, high } = rangeOf(curve(values));
  const height = 4 * waveformLines;
  const dotOf = (value: number): number =>
    high > low ? Math.round(((high - value) / (high - low)) * (height - 1)) : height >> 1;
  const cells = Array.from({ length: waveformLines }, () => new Uint8Array(width));
  for (let x = 0; x < 2 * width; x++) {
    const [start, end] = part(x, 2 * width, values.length);
    const finite = values.slice(start, end).filter(Number.isFinite);
    if (finite.length === 0) continue;
    const top = dotOf(finite.reduce((a, b) => Math.max(a, b)));
    const bottom = dotOf(finite.reduce((a, b) => Math.min(a, b)));
    for (let y = top; y <= bottom; y++) cells[y >> 2][x >> 1] |= brailleBits[x & 1][y & 3];
  }
  return cells.map((line) => String.fromCodePoint(...Array.from(line, (bits) => 0x2800 + bits)));
}
