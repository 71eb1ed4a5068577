/** Quantities as the page writes them. */

/** `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 12 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** While it goes on: whole seconds, so that the figure does not flicker. */
export function elapsedText(milliseconds: number): string {
  return milliseconds < 60_000
    ? `${Math.max(0, Math.floor(milliseconds / 1000))} s`
    : durationText(1000 * Math.floor(milliseconds / 1000));
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function agoText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

/** `416 B`, `26.3 kB`, `74.0 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** `1,440`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 stage`, `2 stages`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** A number in as many digits as tell it apart: `0.5156`, `−349.9`, `1.2e-7`, whole numbers in full. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const text =
    Number.isInteger(value) && size < 1e15
      ? countText(size)
      : size < 1e-4 || size >= 1e7
        ? size.toExponential(3)
        : String(Number(size.toPrecision(4)));
  return value < 0 ? `−${text}` : text;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
