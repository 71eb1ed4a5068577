import type { Picture } from '../../kind/index.ts';
import { colourOf, type Rgb } from '../colour-map.ts';
import { curve, part, rangeOf, shrink, type Matrix } from '../matrix.ts';
import { Raster } from './raster.ts';

const plotWidth = 960;
const curveHeight = 240;
const margin = 8;
const lineWidth = 2;
const ink: Rgb = [31, 78, 121];
const zeroLine: Rgb = [210, 210, 210];
/** A heat map's pixels are at most as many as this in each direction; a small matrix is drawn in larger squares. */
const mapWidth = 960;
const mapHeight = 480;

/**
 * A curve: the lowest value at the bottom, the highest at the top, a grey line at zero where that lies between. Where
 * several values share a column of pixels, it is filled from the least to the greatest of them; where there are
 * fewer values than columns, they are joined by lines.
 */
export function drawCurve(values: ArrayLike<number>): Picture {
  const raster = new Raster(plotWidth, curveHeight);
  const { low, high } = rangeOf(curve(values));
  const bottom = curveHeight - margin - lineWidth;
  const yOf = (value: number): number =>
    high > low ? Math.round(bottom - ((value - low) / (high - low)) * (bottom - margin)) : curveHeight >> 1;
  if (low < 0 && high > 0) raster.fill(0, yOf(0), plotWidth, 1, zeroLine);
  let previous: Span | undefined;
  for (let x = 0; x < plotWidth; x++) {
    const span = spanAt(x, values);
    if (span !== undefined) {
      // On to where the column before ended, so that a steep curve has no gaps.
      const top = yOf(Math.max(span.high, previous?.low ?? span.high));
      const end = yOf(Math.min(span.low, previous?.high ?? span.low));
      raster.fill(x, top, 1, end - top + lineWidth, ink);
    }
    previous = span;
  }
  return raster;
}

interface Span {
  readonly low: number;
  readonly high: number;
}

/** Between which values the curve runs in a column of pixels; undefined where there are no numbers. */
function spanAt(x: number, values: ArrayLike<number>): Span | undefined {
  if (values.length < plotWidth) {
    const place = (x / (plotWidth - 1)) * (values.length - 1);
    const index = Math.floor(place);
    const next = Math.min(index + 1, values.length - 1);
    const value = values[index] + (place - index) * (values[next] - values[index]);
    return Number.isFinite(value) ? { low: value, high: value } : undefined;
  }
  const [start, end] = part(x, plotWidth, values.length);
  let low = Infinity;
  let high = -Infinity;
  for (let index = start; index < end; index++) {
    if (!Number.isFinite(values[index])) continue;
    low = Math.min(low, values[index]);
    high = Math.max(high, values[index]);
  }
  return low <= high ? { low, high } : undefined;
}

/** A heat map: dark blue for the least number, yellow for the greatest, grey for what is no number. */
export function drawHeatMap(whole: Matrix): Picture {
  const matrix = shrink(whole, mapHeight, mapWidth);
  const range = rangeOf(matrix);
  const scaleX = Math.max(1, Math.floor(mapWidth / matrix.columns));
  // Squares, unless that made a low matrix a mere stripe.
  const scaleY = Math.max(
    1,
    Math.min(scaleX, Math.floor(mapHeight / matrix.rows)),
    Math.floor(120 / matrix.rows),
  );
  const raster = new Raster(matrix.columns * scaleX, matrix.rows * scaleY);
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      raster.fill(column * scaleX, row * scaleY, scaleX, scaleY, colourOf(matrix.at(row, column), range));
    }
  }
  return raster;
}

/** Pictures one above the other, in their order. */
export function stack(pictures: readonly Picture[]): Picture {
  const gap = 12;
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height + gap, -gap);
  const raster = new Raster(width, height);
  let y = 0;
  for (const picture of pictures) {
    raster.paste(picture, 0, y);
    y += picture.height + gap;
  }
  return raster;
}
