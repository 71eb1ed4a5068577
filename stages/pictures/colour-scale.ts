/** Colours for numbers, from the least to the greatest, as stops at equal distances. */
export type ColourScale = readonly string[];

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** From silence to the loudest: dark to light for every eye. */
export const soundScale: ColourScale = ['#0b0724', '#3b0f70', '#8c2981', '#de4968', '#fe9f6d', '#fcfdbf'];

/** Two colours around white, for numbers on both sides of zero; told apart by colour-blind readers too. */
export const signedScale: ColourScale = ['#1f4e9c', '#7fa6dd', '#f6f6f4', '#e39a6c', '#a33b12'];

const levels = 256;

/** The colour for a level from 0 to 1; beyond, that of the nearest. */
function colourAt(scale: ColourScale, level: number): Rgb {
  const position = Math.max(0, Math.min(1, level)) * (scale.length - 1);
  const index = Math.min(Math.floor(position), scale.length - 2);
  const [from, to] = [channelsOf(scale[index]), channelsOf(scale[index + 1])];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (position - index));
  return [mix(0), mix(1), mix(2)];
}

/** A scale in 256 steps, for pictures of many pixels. */
export function paletteOf(scale: ColourScale): (level: number) => Rgb {
  const palette = Array.from({ length: levels }, (_, step) => colourAt(scale, step / (levels - 1)));
  return (level) => palette[Math.round(Math.max(0, Math.min(1, level)) * (levels - 1))];
}

function channelsOf(hex: string): Rgb {
  const channel = (start: number): number => Number.parseInt(hex.slice(start, start + 2), 16);
  return [channel(1), channel(3), channel(5)];
}
