import { rasterise } from '../../pictures/rasterise.ts';

/** Draws a standalone SVG as PNG. */
export function png(svg: string): Buffer {
  return Buffer.from(rasterise(svg).asPng());
}
