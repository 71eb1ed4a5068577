import type { Picture } from '../../runner/kind/index.ts';
import type { ColourScale } from './colour-scale.ts';
import { fixed } from './envelope.ts';
import { attribute } from './escape.ts';
import { pictureFont, rasterise } from './rasterise.ts';
import type { Tick } from './ticks.ts';

/** Where something is drawn, in CSS pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Axis {
  /** The quantity or its unit. */
  readonly label: string;
  readonly ticks: readonly Tick[];
}

/** One plot of a figure: a frame with a title above, and what is drawn inside. */
export interface Panel {
  readonly title: string;
  readonly height: number;
  /** SVG of what lies inside. */
  readonly draw: (area: Area) => string;
  readonly left?: Axis;
  readonly bottom?: Axis;
  /** What the colours mean, from the bottom up. */
  readonly colours?: Axis & { readonly scale: ColourScale };
}

export const colours = {
  surface: '#ffffff',
  text: '#1b1d22',
  muted: '#5a5e68',
  frame: '#c9c6be',
  line: '#2257b8',
} as const;

const width = 1000;
const leftMargin = 62;
const rightMargin = 86;
const headHeight = 34;
const titleHeight = 22;
const axisHeight = 34;
const gap = 12;
const barWidth = 12;

/** Panels one above the other on one width, below a heading; panels in one list share a line. */
export function figure(heading: string, lines: readonly (readonly Panel[])[]): Picture {
  let top = headHeight;
  const parts: string[] = [];
  for (const panels of lines) {
    const spacing = leftMargin + gap;
    const inside = width - leftMargin - rightMargin;
    const each = (inside - (panels.length - 1) * spacing) / panels.length;
    panels.forEach((panel, index) => {
      const left = leftMargin + index * (each + spacing);
      parts.push(panelSvg(panel, { left, top: top + titleHeight, width: each, height: panel.height }));
    });
    const below = panels.some(({ bottom }) => bottom !== undefined) ? axisHeight : 0;
    top += titleHeight + Math.max(...panels.map(({ height }) => height)) + below + gap;
  }
  return pictureOf(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" font-family="${pictureFont}, sans-serif">` +
      `<rect width="100%" height="100%" fill="${colours.surface}"/>` +
      text(heading, leftMargin, 24, { size: 15, weight: 600, fill: colours.text }) +
      `${parts.join('')}</svg>`,
  );
}

function panelSvg(panel: Panel, area: Area): string {
  const { left, top, width: wide, height } = area;
  return (
    text(panel.title, left, top - 7, { size: 12, weight: 600, fill: colours.text }) +
    panel.draw(area) +
    `<rect x="${fixed(left)}" y="${top}" width="${fixed(wide)}" height="${height}" fill="none" stroke="${colours.frame}"/>` +
    (panel.left === undefined ? '' : leftAxis(panel.left, area)) +
    (panel.bottom === undefined ? '' : bottomAxis(panel.bottom, area)) +
    (panel.colours === undefined ? '' : colourBar(panel.colours, area))
  );
}

function leftAxis({ label, ticks }: Axis, { left, top, height }: Area): string {
  const marks = ticks.map(({ place, label: name }) => {
    const y = top + (1 - place) * height;
    return tickLine(left - 4, y, left, y) + text(name, left - 7, y + 4, { anchor: 'end' });
  });
  const [x, y] = [left - 46, top + height / 2];
  const turned = `<g transform="rotate(-90 ${fixed(x)} ${fixed(y)})">${text(label, x, y, { anchor: 'middle' })}</g>`;
  return marks.join('') + turned;
}

function bottomAxis({ label, ticks }: Axis, { left, top, width: wide, height }: Area): string {
  const bottom = top + height;
  const marks = ticks.map(({ place, label: name }) => {
    const x = left + place * wide;
    return tickLine(x, bottom, x, bottom + 4) + text(name, x, bottom + 16, { anchor: 'middle' });
  });
  return marks.join('') + text(label, left + wide / 2, bottom + 30, { anchor: 'middle' });
}

function colourBar({ label, ticks, scale }: NonNullable<Panel['colours']>, area: Area): string {
  const { top, height } = area;
  const left = area.left + area.width + 10;
  const id = `scale-${fixed(area.left)}-${fixed(top)}`;
  const stops = scale.map(
    (colour, index) => `<stop offset="${index / (scale.length - 1)}" stop-color="${colour}"/>`,
  );
  const marks = ticks.map(({ place, label: name }) => {
    const y = top + (1 - place) * height;
    return tickLine(left + barWidth, y, left + barWidth + 4, y) + text(name, left + barWidth + 7, y + 4);
  });
  return (
    `<linearGradient id="${id}" x1="0" x2="0" y1="1" y2="0">${stops.join('')}</linearGradient>` +
    `<rect x="${fixed(left)}" y="${top}" width="${barWidth}" height="${height}" fill="url(#${id})"/>` +
    marks.join('') +
    text(label, left, top - 7)
  );
}

function tickLine(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}" stroke="${colours.muted}"/>`;
}

interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
}

function text(content: string, x: number, y: number, style: TextStyle = {}): string {
  const { anchor = 'start', size = 11, weight = 400, fill = colours.muted } = style;
  return (
    `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" font-size="${size}px" ` +
    `font-weight="${weight}" fill="${fill}">${attribute(content)}</text>`
  );
}

function pictureOf(svg: string): Picture {
  const { width: pixels, height, pixels: rgba } = rasterise(svg);
  return { width: pixels, height, rgba };
}
