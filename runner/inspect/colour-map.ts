export type Rgb = readonly [red: number, green: number, blue: number];

/** Nine stops of matplotlib's viridis, which keeps its order of lightness in print and for colour-blind readers. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

const notANumber: Rgb = [128, 128, 128];

/** The colour of a value between two others; grey where it is no finite number. */
export function colourOf(value: number, { low, high }: { low: number; high: number }): Rgb {
  if (!Number.isFinite(value)) return notANumber;
  const place = high > low ? ((value - low) / (high - low)) * (viridis.length - 1) : 0;
  const index = Math.min(Math.max(Math.floor(place), 0), viridis.length - 2);
  const share = Math.min(Math.max(place - index, 0), 1);
  const [from, to] = [viridis[index], viridis[index + 1]];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + share * (to[channel] - from[channel]));
  return [mix(0), mix(1), mix(2)];
}
