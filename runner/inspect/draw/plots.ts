import type { Picture } from '../../kind/index.ts';
import { colourOf, type Rgb } from '../colour-map.ts';
import { curve, part, rangeOf, shrink, type Matrix } from '../matrix.ts';
import { Raster } from './raster.ts';

const plotWidth = 960;
const curveHeight = 240;
const margin = 8;
const ink: Rgb = [31, 78, 121];
const zeroLine: Rgb = [210, 210, 210];
/** A heat map's pixels are at most as many as this in each direction; a small matrix is drawn in larger squares. */
const mapWidth = 960;
const mapHeight = 480;

/**
 * A curve: the lowest value at the bottom, the highest at the top, a grey line at zero where that lies between. Where
 * several values share a pixel's column, it is filled from the least to the greatest of them.
 */
export function drawCurve(values: ArrayLike<number>): Picture {
  const raster = new Raster(plotWidth, curveHeight);
  const range = rangeOf(curve(values));
  const bottom = curveHeight - 1 - margin;
  const yOf = (value: number): number =>
    range.high > range.low
      ? Math.round(bottom - ((value - range.low) / (range.high - range.low)) * (bottom - margin))
      : curveHeight >> 1;
  if (range.low < 0 && range.high > 0) raster.fill(0, yOf(0), plotWidth, 1, zeroLine);
  let previous: number | undefined;
  for (let x = 0; x < plotWidth; x++) {
    const [start, end] = columnPart(x, values.length);
    let top = Infinity;
    let low = -Infinity;
    for (let index = start; index < end; index++) {
      if (!Number.isFinite(values[index])) continue;
      const y = yOf(values[index]);
      top = Math.min(top, y);
      low = Math.max(low, y);
    }
    if (top > low) {
      previous = undefined;
      continue;
    }
    // Up or down to where the column before ended, so that the curve has no gaps.
    const joint = previous ?? top;
    const from = Math.min(top, joint);
    raster.fill(x, from, 1, Math.max(low, joint) - from + 1, ink);
    previous = yOf(values[end - 1]);
  }
  return raster;
}

/** The values that a column of pixels shows: a few of many, or one of few. */
function columnPart(x: number, length: number): readonly [number, number] {
  if (length >= plotWidth) return part(x, plotWidth, length);
  const index = Math.min(Math.floor((x * length) / plotWidth), length - 1);
  return [Math.max(index, 0), index + 1];
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
