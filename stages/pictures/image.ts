import { fixed } from './envelope.ts';
import type { Area } from './figure.ts';

/** A PNG stretched over an area of an SVG; `sharp` keeps its pixels apart, for the values of a heat map. */
export function imageSvg(
  png: Buffer,
  { left, top, width, height }: Area,
  rendering: 'smooth' | 'sharp',
): string {
  const style = rendering === 'sharp' ? ' image-rendering="optimizeSpeed"' : '';
  return (
    `<image href="data:image/png;base64,${png.toString('base64')}" x="${fixed(left)}" y="${fixed(top)}" ` +
    `width="${fixed(width)}" height="${fixed(height)}" preserveAspectRatio="none"${style}/>`
  );
}
