import { ChainFilter } from './chain.ts';
import { FftFilter } from './fft-filter.ts';
import { PASS_BAND_END, sharpFilter, smoothFirstFilter, wideFilter } from './filters.ts';
import { kaiserSinc } from './kaiser.ts';
import { PhaseFilter } from './phase-filter.ts';
import { ratioOf, resampledLength, type Ratio } from './ratio.ts';
import type { FilterStage } from './stage.ts';
import { TwoStages } from './two-stages.ts';

/**
 * Builds the filters for a ratio as soxr chains them: rates are halved first as long as a reduction is 4 or more, a
 * high increase ends with a multiplication by 4, and what is left is one filter where the numbers are small, else two:
 * the sharp one first, but for reductions by 1.5 to 2.
 *
 * @param shares of the error budget that the filters around this one take.
 */
export function designStage(ratio: Ratio, shares = 1): FilterStage {
  const { up, down } = ratio;
  if (down / up >= 4) return halvedFirst(ratio, shares);
  if (isSmall(ratio)) return new FftFilter(ratio, kaiserSinc(sharpFilter(Math.max(up, down), up, shares)));
  if (up / down > 4) return quadrupledLast(ratio, shares);
  if (down / up > 1.5 && down / up < 2) return halvedLast(ratio, shares);
  return new ChainFilter(ratio, 2 * shares);
}

/** Whether one filter can do the whole. */
function isSmall({ up, down }: Ratio): boolean {
  return Math.max(up, down) < 5 || up * down < 6;
}

function halvedFirst({ up, down }: Ratio, shares: number): FilterStage {
  // As a part of the input's Nyquist frequency: up to here the output is to be right.
  const pass = up / down;
  const half = new FftFilter({ up: 1, down: 2 }, kaiserSinc(wideFilter(pass, 1 - pass)));
  const rest = designStage(ratioOf(down, 2 * up), shares + 1);
  return new TwoStages(half, rest, (samples) => Math.ceil(samples / 2));
}

function halvedLast({ up, down }: Ratio, shares: number): FilterStage {
  const between = ratioOf(down, 2 * up);
  const { taps, phases } = smoothFirstFilter(down / up, between.up);
  const step = between.down * (phases / between.up);
  const first = new PhaseFilter({ up: phases, down: step }, kaiserSinc(taps));
  const half = new FftFilter({ up: 1, down: 2 }, kaiserSinc(sharpFilter(2, 1, 2 * shares)));
  return new TwoStages(first, half, (samples) => resampledLength(samples, between));
}

function quadrupledLast({ up, down }: Ratio, shares: number): FilterStage {
  const inner = ratioOf(4 * down, up);
  const first = designStage(inner, shares + 1);
  // As parts of the output's Nyquist frequency: the input's band, and where its image begins.
  const pass = down / up;
  const quadruple = new FftFilter(
    { up: 4, down: 1 },
    kaiserSinc(wideFilter(PASS_BAND_END * pass, 1 / 2 - pass)),
  );
  return new TwoStages(first, quadruple, (samples) => resampledLength(samples, inner));
}
