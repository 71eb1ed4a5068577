import type { TopLevelSpec } from 'vega-lite';
import type { PositionFieldDef } from 'vega-lite/types_unstable/channeldef.js';

type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>;

/** One layer of a chart. */
export type Layer = LayeredSpec['layer'][number];

/** Where marks stand on an axis. */
export type Position = PositionFieldDef<string>;

/** A chart before it is drawn. */
export interface Chart {
  /** Unique in the report and fit for a file name, e.g. `cnn-mfcc-loss`. */
  readonly name: string;
  readonly title: string;
  /** What it shows, in words, for those who cannot see it. */
  readonly description: string;
  readonly spec: LayeredSpec;
}

/** Width of every chart, in CSS pixels: it fits a phone, and three fit a desk. */
const chartWidth = 330;

/** Dimensions that count the axes in, so that all charts of a row are of one size. */
export function size(height: number): Pick<LayeredSpec, 'width' | 'height' | 'autosize'> {
  return { width: chartWidth, height, autosize: { type: 'fit', contains: 'padding' } };
}

/** An axis of fractions, from 0 % to 100 %. */
export function fractions(field: string, title: string): Position {
  return {
    field,
    type: 'quantitative',
    title,
    scale: { domain: [0, 1] },
    axis: { format: '.0%', tickCount: 5 },
  };
}
