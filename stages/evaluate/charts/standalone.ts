import { attribute } from '../../pictures/escape.ts';
import { pictureFont } from '../../pictures/rasterise.ts';
import { color, withColors } from '../theme.ts';

const heading = 26;

/** An SVG file of its own out of a drawing's content: its title above it, in light colours on white. */
export function standaloneSvg(
  content: string,
  { width, height, title }: { readonly width: number; readonly height: number; readonly title: string },
): string {
  const tall = height + heading;
  return withColors(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${tall}" viewBox="0 0 ${width} ${tall}" font-family="${pictureFont}, sans-serif">` +
      `<rect width="100%" height="100%" fill="${color('surface')}"/>` +
      `<text x="8" y="19" font-size="13px" font-weight="600" fill="${color('text')}">${attribute(title)}</text>` +
      `<g transform="translate(0,${heading})">${content}</g></svg>\n`,
    'light',
  );
}
