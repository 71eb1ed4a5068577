/** A number to four significant digits, with as few characters as that takes. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value === 0 ? 0 : value);
  return String(Number(value.toPrecision(4)));
}

/** A count with its thousands apart. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A size in bytes, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Numbers in brackets; where they do not fit into the width, the first and the last of them. */
export function formatNumbers(values: readonly number[], width: number): string {
  const all = `[${values.map(formatNumber).join(', ')}]`;
  if (values.length <= 4 || all.length <= width) return all;
  let shown = `[${formatNumber(values[0])}, … ${formatCount(values.length - 1)} more]`;
  for (let first = 2; first < values.length; first++) {
    const last = Math.ceil(first / 3);
    if (first + last >= values.length) break;
    const left = values.slice(0, first).map(formatNumber).join(', ');
    const right = values.slice(-last).map(formatNumber).join(', ');
    const next = `[${left}, … ${formatCount(values.length - first - last)} more …, ${right}]`;
    if (next.length > width) break;
    shown = next;
  }
  return shown;
}
