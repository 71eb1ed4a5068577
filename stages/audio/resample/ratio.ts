/** A ratio of sample rates in lowest terms: `up` output samples for `down` input samples. */
export interface Ratio {
  readonly up: number;
  readonly down: number;
}

/** @param from Hz. @param to Hz. Both whole. */
export function ratioOf(from: number, to: number): Ratio {
  const divisor = greatestCommonDivisor(from, to);
  return { up: to / divisor, down: from / divisor };
}

/** Samples that librosa makes of so many: rounded up, though soxr rounds to the nearest and the rest are zeros. */
export function resampledLength(samples: number, { up, down }: Ratio): number {
  return Math.ceil((samples * up) / down);
}

/** How many of them soxr computes. */
export function filteredLength(samples: number, ratio: Ratio): number {
  return Math.min(resampledLength(samples, ratio), Math.floor((samples * ratio.up) / ratio.down + 0.5));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
