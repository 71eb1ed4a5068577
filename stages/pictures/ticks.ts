/** A mark on an axis. */
export interface Tick {
  /** From 0, where the axis starts, to 1. */
  readonly place: number;
  readonly label: string;
}

/** `toFixed` takes no more. */
const mostDigits = 100;

/** Marks at round numbers (1, 2 or 5 times a power of ten apart) between two values, about `count` of them. */
export function ticksBetween(low: number, high: number, count: number): Tick[] {
  if (!(high > low)) return [{ place: 0.5, label: labelOf(low, 0) }];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  // The round number whose ratio to the wanted distance is nearest to 1: bounds are geometric means.
  const bounds: readonly (readonly [factor: number, below: number])[] = [
    [1, Math.sqrt(2)],
    [2, Math.sqrt(10)],
    [5, Math.sqrt(50)],
  ];
  const step = power * (bounds.find(([, below]) => rough / power < below)?.[0] ?? 10);
  const digits = Math.min(mostDigits, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { place: (value - low) / (high - low), label: labelOf(value, digits) };
  });
}

function labelOf(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits));
  return String(rounded === 0 ? 0 : rounded).replace('-', '−');
}
