import { PipelineError } from '../errors.ts';

const ages: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const sizes: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `30d` in milliseconds. */
export function parseAge(text: string, option: string): number {
  return parse(text, /^(\d+(?:\.\d+)?)(m|h|d|w)$/, ages, `${option} takes an age such as 12h, 30d or 8w`);
}

/** `20GB` in bytes. */
export function parseSize(text: string, option: string): number {
  return parse(text, /^(\d+(?:\.\d+)?)(KB|MB|GB|TB)$/, sizes, `${option} takes a size such as 500MB or 20GB`);
}

function parse(
  text: string,
  shape: RegExp,
  units: Readonly<Record<string, number>>,
  message: string,
): number {
  const match = shape.exec(text);
  if (match === null) throw new PipelineError([{ message: `${message}, not ${text}` }], 2);
  return Number(match[1]) * units[match[2]];
}
