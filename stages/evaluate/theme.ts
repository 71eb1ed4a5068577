/** The reports' colours in one place: the page's style sheet, its charts and the figures all take them from here. */

export interface Shade {
  readonly light: string;
  readonly dark: string;
}

/** Steps of the sequential scale, from 0 (nothing) to this. */
export const heatSteps = 10;

const stops = {
  light: ['#f4f6fa', '#bcd0ee', '#5a88cf', '#173f86'],
  dark: ['#20242c', '#27457a', '#4d7fcb', '#b9d3fc'],
};

const base = {
  background: { light: '#faf9f7', dark: '#131519' },
  surface: { light: '#ffffff', dark: '#1a1d23' },
  text: { light: '#1b1d22', dark: '#e7e8eb' },
  muted: { light: '#5a5e68', dark: '#a6abb6' },
  line: { light: '#e2e0da', dark: '#2e333d' },
  grid: { light: '#edebe6', dark: '#262a33' },
  accent: { light: '#2257b8', dark: '#8cb4fb' },
  'accent-soft': { light: '#e8eef9', dark: '#1f2b42' },
  /** The second series of a chart, such as training beside validation. */
  second: { light: '#7b8089', dark: '#8b919d' },
  caution: { light: '#7a4f00', dark: '#efc36b' },
  'caution-soft': { light: '#fcf3df', dark: '#2e2615' },
  sound: { light: '#17624f', dark: '#7fd1b4' },
  'sound-soft': { light: '#e5f3ee', dark: '#16302a' },
} satisfies Record<string, Shade>;

export type Token = keyof typeof base | `heat-${number}` | `heat-text-${number}`;

/** Every design token by name. */
export const tokens: ReadonlyMap<Token, Shade> = new Map<Token, Shade>([
  ...(Object.entries(base) as [keyof typeof base, Shade][]),
  ...Array.from({ length: heatSteps + 1 }, (_, step): [Token, Shade] => [`heat-${step}`, heat(step)]),
  ...Array.from({ length: heatSteps + 1 }, (_, step): [Token, Shade] => [
    `heat-text-${step}`,
    step === 0 ? base.muted : { light: readableOn(heat(step).light), dark: readableOn(heat(step).dark) },
  ]),
]);

/** A token as CSS and SVG refer to it. */
export function color(token: Token): string {
  return `var(--${token})`;
}

/** The step of the sequential scale for a fraction of 1; only 0 itself has step 0. */
export function heatStep(fraction: number): number {
  if (fraction <= 0) return 0;
  return Math.max(1, Math.min(heatSteps, Math.round(fraction * heatSteps)));
}

/** Replaces every token in `text` by its colour in one theme, for readers that know no custom properties. */
export function withColors(text: string, theme: keyof Shade): string {
  return text.replaceAll(
    /var\(--([a-z0-9-]+)\)/g,
    (whole, name: string) => tokens.get(name as Token)?.[theme] ?? whole,
  );
}

/** Contrast of two colours by WCAG 2.2, from 1 to 21. */
export function contrast(first: string, second: string): number {
  const [darker, lighter] = [luminance(first), luminance(second)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function heat(step: number): Shade {
  const fraction = step / heatSteps;
  return { light: between(stops.light, fraction), dark: between(stops.dark, fraction) };
}

/** Black or white, whichever contrasts more: one of the two always reaches 4.5. */
function readableOn(background: string): string {
  return contrast(background, '#000000') >= contrast(background, '#ffffff') ? '#000000' : '#ffffff';
}

function between(colors: readonly string[], fraction: number): string {
  const position = fraction * (colors.length - 1);
  const index = Math.min(Math.floor(position), colors.length - 2);
  const [from, to] = [channels(colors[index]), channels(colors[index + 1])];
  const mixed = from.map((value, channel) => value + (to[channel] - value) * (position - index));
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
}

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = channels(hex).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
