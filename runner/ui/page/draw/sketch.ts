import { colourOf } from '../../../inspect/colour-map.ts';
import type { CurveSketch, MapSketch, Sketch } from '../../model/artifacts.ts';
import { countText, numberText } from '../../model/words.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Draws a sketch over the whole of a canvas, in the pixels of the screen. */
export function drawSketch(canvas: HTMLCanvasElement, sketch: Sketch, size: Size): void {
  const context = prepare(canvas, size);
  if (sketch.type === 'map') drawMap(context, sketch, size);
  else drawCurve(context, sketch, size, getComputedStyle(document.documentElement));
}

/** What a sketch shows, in words. */
export function sketchLabel(sketch: Sketch): string {
  const range = `from ${numberText(sketch.low)} to ${numberText(sketch.high)}`;
  return sketch.type === 'map'
    ? `heat map of ${countText(sketch.size[0])} by ${countText(sketch.size[1])} numbers ${range}`
    : `curve of ${countText(sketch.length)} numbers ${range}`;
}

/** How far up, of 1, a value of a curve lies. */
function heightOf(value: number, { low, high }: Pick<CurveSketch, 'low' | 'high'>): number {
  return high > low ? (value - low) / (high - low) : 0.5;
}

function prepare(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D {
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  return context;
}

function drawMap(context: CanvasRenderingContext2D, sketch: MapSketch, { width, height }: Size): void {
  const { rows, columns, values } = sketch;
  const pixels = new ImageData(columns, rows);
  values.forEach((value, index) => {
    pixels.data.set([...colourOf(value ?? NaN, sketch), 255], 4 * index);
  });
  const small = new OffscreenCanvas(columns, rows);
  small.getContext('2d')!.putImageData(pixels, 0, 0);
  // Each number keeps its edges, where there are fewer of them than pixels.
  context.imageSmoothingEnabled = columns > width || rows > height;
  context.drawImage(small, 0, 0, width, height);
}

function drawCurve(
  context: CanvasRenderingContext2D,
  sketch: CurveSketch,
  { width, height }: Size,
  style: CSSStyleDeclaration,
): void {
  const { least, greatest, low, high, length } = sketch;
  const count = least.length;
  if (count === 0) return;
  const inset = 2;
  const yOf = (value: number): number => height - inset - heightOf(value, sketch) * (height - 2 * inset);
  const xOf = (index: number): number => (count === 1 ? width / 2 : (index / (count - 1)) * width);
  if (low < 0 && high > 0) {
    context.fillStyle = style.getPropertyValue('--line');
    context.fillRect(0, yOf(0), width, 1);
  }
  context.strokeStyle = style.getPropertyValue('--accent');
  context.fillStyle = context.strokeStyle;
  context.lineJoin = 'round';
  context.lineWidth = 1.25;
  context.beginPath();
  greatest.forEach((value, index) => {
    context.lineTo(xOf(index), yOf(value));
  });
  // A curve of more numbers than are sent is an area between its least and its greatest.
  if (length > count) {
    for (let index = count - 1; index >= 0; index--) context.lineTo(xOf(index), yOf(least[index]) + 0.75);
    context.closePath();
    context.fill();
    context.lineWidth = 0.5;
  }
  context.stroke();
}
