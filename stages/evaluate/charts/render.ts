import { parse, View } from 'vega';
import { compile, type Config } from 'vega-lite';
import { color } from '../theme.ts';
import type { Chart } from './chart.ts';
import { attribute } from '../../pictures/escape.ts';
import { standaloneSvg } from './standalone.ts';
import { measureTextAlike } from './text-width.ts';

/** A chart as SVG. */
export interface Drawing {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /**
   * For a page: colours are custom properties, text takes the page's font, and marks that have something to say
   * carry it as `data-tip`.
   */
  readonly inline: string;
  /** A file of its own: light colours on white, with its title. */
  readonly standalone: string;
}

const config: Config = {
  background: 'transparent',
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: color('muted'),
    titleColor: color('muted'),
    titleFontWeight: 'normal',
    gridColor: color('grid'),
    domainColor: color('line'),
    tickColor: color('line'),
    labelFontSize: 11,
    titleFontSize: 11,
    tickSize: 4,
    labelPadding: 4,
  },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    title: null,
    labelColor: color('muted'),
    labelFontSize: 11,
    symbolStrokeWidth: 2,
    symbolOpacity: 1,
    offset: 6,
  },
  text: { color: color('text'), fontSize: 11 },
};

/** Draws a chart without a browser. The same chart gives the same bytes on every machine. */
export async function draw(chart: Chart): Promise<Drawing> {
  measureTextAlike();
  const { spec } = compile({ ...chart.spec, config });
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = ownIds(simplified(await view.toSVG()), chart.name);
  view.finalize();
  const { name, title, description } = chart;
  return { name, title, description, inline: inline(svg, description), standalone: standalone(svg, title) };
}

/** Drops what draws nothing. */
function simplified(svg: string): string {
  return svg
    .replaceAll(/<path class="(?:fore|back)ground"[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g, '')
    .replaceAll(/<text [^>]*opacity="0"[^>]*>[^<]*<\/text>/g, '')
    .replaceAll(/(\d+\.\d{2})\d{6,}/g, '$1');
}

/** Vega numbers ids through a whole process: counted from one in each drawing, they say the same each time. */
function ownIds(svg: string, name: string): string {
  const ids = [...new Set(Array.from(svg.matchAll(/ id="([^"]+)"/g), ([, id]) => id))];
  return svg.replaceAll(/( id="|url\(#)([^")]+)/g, (_, before: string, id: string) => {
    return `${before}${name}-${ids.indexOf(id) + 1}`;
  });
}

function inline(svg: string, description: string): string {
  return svg
    .replaceAll(/ role="graphics-symbol" aria-roledescription="(?:axis|legend)[^"]*" aria-label="[^"]*"/g, '')
    .replaceAll(/ aria-label="([^"]*)"/g, ' data-tip="$1"')
    .replaceAll(/ (?:role|aria-roledescription|aria-hidden|class|font-family|pointer-events)="[^"]*"/g, '')
    .replace(
      /<svg [^>]*viewBox="([^"]*)"[^>]*>/,
      `<svg viewBox="$1" role="img" aria-label="${attribute(description)}">`,
    );
}

function standalone(svg: string, title: string): string {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const content = svg
    .replace(/^<svg [^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replaceAll(/ font-family="[^"]*"/g, '');
  return standaloneSvg(content, { width: Number(width), height: Number(height), title });
}
