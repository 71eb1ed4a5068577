/** Below this power there is silence: librosa's `amin`. */
const POWER_FLOOR = 1e-10;

/** 10 log10 of a power, the power being taken as at least 1e-10. */
export function powerToDecibel(power: number): number {
  return 10 * Math.log10(Math.max(POWER_FLOOR, power));
}
