import type { Picture } from '../../kind/index.ts';
import type { Rgb } from '../colour-map.ts';

/** A picture that is being drawn. */
export class Raster implements Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;

  constructor(width: number, height: number, [red, green, blue]: Rgb = [255, 255, 255]) {
    this.width = width;
    this.height = height;
    this.rgba = new Uint8Array(4 * width * height);
    for (let index = 0; index < this.rgba.length; index += 4) this.rgba.set([red, green, blue, 255], index);
  }

  set(x: number, y: number, colour: Rgb): void {
    this.rgba.set(colour, 4 * (y * this.width + x));
  }

  fill(x: number, y: number, width: number, height: number, colour: Rgb): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.set(column, row, colour);
    }
  }

  /** Copies another picture to a place that it fits in. */
  paste(picture: Picture, x: number, y: number): void {
    for (let row = 0; row < picture.height; row++) {
      const line = picture.rgba.subarray(4 * row * picture.width, 4 * (row + 1) * picture.width);
      this.rgba.set(line, 4 * ((y + row) * this.width + x));
    }
  }
}
