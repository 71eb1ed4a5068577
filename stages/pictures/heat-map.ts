import { PNG } from 'pngjs';
import { type ColourScale, paletteOf, type Rgb } from './colour-scale.ts';

/** Values over time, row-major: `frames` × `width`. */
export interface Frames {
  readonly frames: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
}

export interface HeatMapOptions {
  readonly scale: ColourScale;
  /** The values that have the first and the last colour; beyond, the nearest. */
  readonly low: number;
  readonly high: number;
}

/** For what is no number. */
const grey: Rgb = [128, 128, 128];

/** A heat map as PNG, one pixel for each value: time to the right, the values of a frame upwards. */
export function heatMapPng({ frames, width, values }: Frames, { scale, low, high }: HeatMapOptions): Buffer {
  const colourOf = paletteOf(scale);
  const picture = new PNG({ width: frames, height: width, colorType: 2 });
  for (let frame = 0; frame < frames; frame++) {
    for (let index = 0; index < width; index++) {
      const value = values[frame * width + index];
      const level = high > low ? (value - low) / (high - low) : 0.5;
      const offset = ((width - 1 - index) * frames + frame) * 4;
      picture.data.set(Number.isFinite(value) ? colourOf(level) : grey, offset);
      picture.data[offset + 3] = 255;
    }
  }
  return PNG.sync.write(picture, { colorType: 2 });
}
