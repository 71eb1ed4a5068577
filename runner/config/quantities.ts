const memoryUnits: Readonly<Partial<Record<string, number>>> = {
  '': 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** `2GB`, `512MiB`, or a number of bytes → bytes. Undefined where it is neither. */
export function parseMemory(text: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(text).trim());
  const bytes = match === null ? NaN : Math.round(Number(match[1]) * (memoryUnits[match[2]] ?? NaN));
  return bytes > 0 ? bytes : undefined;
}

const secondsOf: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };

/** `30m`, `1h30m`, `90s`, or a number of seconds → seconds. Undefined where it is neither. */
export function parseDuration(text: string | number): number | undefined {
  const compact = String(text).replaceAll(/\s/g, '');
  if (/^\d+(\.\d+)?$/.test(compact)) {
    return Number(compact) > 0 ? Number(compact) : undefined;
  }
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(compact)) {
    return undefined;
  }
  let seconds = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    seconds += Number(amount) * secondsOf[unit];
  }
  return seconds > 0 ? seconds : undefined;
}
