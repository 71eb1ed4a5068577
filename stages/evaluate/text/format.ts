/** How figures and lists are written in the reports, the same on every machine. */

/** `0.6389` → `63.9%`. */
export function percent(fraction: number, digits = 1): string {
  return `${(fraction * 100).toFixed(digits)}%`;
}

/** A difference of two fractions in points, without sign: `0.244` → `24.4 points`. */
export function points(difference: number): string {
  const text = Math.abs(difference * 100).toFixed(1);
  return text === '1.0' ? '1.0 point' : `${text} points`;
}

/** `305864` → `305,864`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `[null, 64]` → `(steps, 64)`: an axis without a size of its own is that of a clip's steps. */
export function shape(sizes: readonly (number | null)[]): string {
  return `(${sizes.map((size) => size ?? 'steps').join(', ')})`;
}

/** `1 clip`, `2 clips`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** Two decimals, as scikit-learn's report has them. */
export function decimal(value: number, digits = 2): string {
  return value.toFixed(digits);
}

/** `0.0004` → `0.0004`, `1e-7` → `1.0e-7`, `12.3456` → `12.35`. */
export function compact(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-4 || magnitude >= 1e7) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

/** `4.21 s`, `38.5 s`, `3 min 05 s`, `1 h 02 min`. */
export function seconds(value: number): string {
  if (value < 9.995) return `${value.toFixed(2)} s`;
  if (value < 59.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${padded(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${padded(Math.floor((whole % 3600) / 60))} min`;
}

/** `p = 0.032`, `p < 0.001`, not to be broken across lines. */
export function pValue(value: number): string {
  return (value < 0.001 ? 'p < 0.001' : `p = ${value.toFixed(3)}`).replaceAll(' ', '\u00a0');
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items[items.length - 1]}`;
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
