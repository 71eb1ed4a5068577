import { signedScale, soundScale } from './colour-scale.ts';
import { timeAxis } from './clip-panels.ts';
import { fixed } from './envelope.ts';
import { type Area, type Axis, colours, type Panel } from './figure.ts';
import { type Frames, heatMapPng } from './heat-map.ts';
import { imageSvg } from './image.ts';
import { ticksBetween } from './ticks.ts';

/** Numbers of each frame that belong together, such as the MFCC. */
export interface FramePart extends Frames {
  readonly name: string;
  /** What one number of a frame is, e.g. `mel band`. */
  readonly each: string;
}

/** Numbers of a whole clip that belong together, such as the means of the MFCC. */
export interface VectorPart {
  readonly name: string;
  /** What one number is, e.g. `mel band`. */
  readonly each: string;
  readonly values: ArrayLike<number>;
}

const curveHeight = 90;
/** So many of a hundred values lie inside the colours' range: one loud coefficient must not make all others pale. */
const insidePercent = 90;

/**
 * A heat map of a part over time, or a curve where a frame has one number only.
 *
 * @param seconds what the frames span; undefined: the axis counts frames.
 */
export function framePanel(part: FramePart, seconds: number | undefined, withAxis = true): Panel {
  const { name, each, frames, width, values } = part;
  const axis = seconds === undefined ? { label: 'frame', ticks: indexTicks(frames) } : timeAxis(seconds);
  const bottom = withAxis ? { bottom: axis } : {};
  if (width === 1) return { ...curvePanel(part), ...bottom };
  const sorted = Float64Array.from(values).sort();
  const outside = (100 - insidePercent) / 200;
  const least = sorted[Math.floor(outside * (sorted.length - 1))];
  const greatest = sorted[Math.ceil((1 - outside) * (sorted.length - 1))];
  // Where there are numbers on both sides of zero, zero is white.
  const isSigned = sorted[0] < 0 && sorted[sorted.length - 1] > 0;
  const reach = Math.max(Math.abs(least), Math.abs(greatest));
  const [low, high] = isSigned ? [-reach, reach] : [least, greatest];
  const scale = isSigned ? signedScale : soundScale;
  return {
    title: `${name}: ${width} × ${frames} frames`,
    height: Math.max(70, Math.min(190, 3 * width)),
    left: { label: each, ticks: indexTicks(width) },
    ...bottom,
    colours: { label: '', scale, ticks: ticksBetween(low, high, 4) },
    draw: (area) => imageSvg(heatMapPng(part, { scale, low, high }), area, 'sharp'),
  };
}

/** The numbers of a part as a curve, their places to the right. */
export function vectorPanel(part: VectorPart): Panel {
  return {
    ...curvePanel(part),
    title: part.name,
    bottom: { label: part.each, ticks: indexTicks(part.values.length) },
  };
}

function curvePanel({ name, values }: Pick<VectorPart, 'name' | 'values'>): Panel {
  let [low, high] = [Infinity, -Infinity];
  for (let index = 0; index < values.length; index++) {
    low = Math.min(low, values[index]);
    high = Math.max(high, values[index]);
  }
  // One value throughout lies in the middle.
  if (high === low) [low, high] = [low - 1, high + 1];
  const left: Axis = { label: '', ticks: ticksBetween(low, high, 3) };
  return { title: name, height: curveHeight, left, draw: (area) => curve(values, low, high, area) };
}

/** A line through the centres of as many equal parts of the width as there are values. */
function curve(values: ArrayLike<number>, low: number, high: number, area: Area): string {
  const y = (value: number): string => fixed(area.top + ((high - value) / (high - low)) * area.height);
  const points = Array.from(
    values,
    (value, index) => `${fixed(area.left + ((index + 0.5) / values.length) * area.width)},${y(value)}`,
  );
  const [start, end] = [area.left, area.left + area.width].map(fixed);
  const zero =
    low < 0 && high > 0
      ? `<line x1="${start}" x2="${end}" y1="${y(0)}" y2="${y(0)}" stroke="${colours.frame}"/>`
      : '';
  return `${zero}<polyline points="${points.join(' ')}" fill="none" stroke="${colours.line}" stroke-width="1.4"/>`;
}

/** Marks at the middles of the places of so many numbers, counted from 0. */
function indexTicks(count: number): Axis['ticks'] {
  return ticksBetween(-0.5, count - 0.5, 4).filter(
    ({ label }) => !label.includes('.') && !label.includes('−'),
  );
}
