/** Below this power there is silence: librosa's `amin`. */
const POWER_FLOOR = 1e-10;

/** What lies further below the greatest value is raised to this distance: librosa's `top_db`. */
const DYNAMIC_RANGE_DB = 80;

/** 10 log10 of a power, the power being taken as at least 1e-10. */
export function powerToDecibel(power: number): number {
  return 10 * Math.log10(Math.max(POWER_FLOOR, power));
}

/**
 * `librosa.power_to_db` in place, with its `top_db` of 80.
 *
 * @param reference `one`: 0 dB is a power of 1; `max`: 0 dB is the greatest power there is.
 */
export function powersToDecibels(powers: Float32Array, reference: 'one' | 'max'): Float32Array {
  let greatest = 0;
  for (let index = 0; index < powers.length; index++) greatest = Math.max(greatest, powers[index]);
  const top = powerToDecibel(greatest);
  const shift = reference === 'max' ? top : 0;
  const floor = top - DYNAMIC_RANGE_DB;
  for (let index = 0; index < powers.length; index++) {
    powers[index] = Math.max(floor, powerToDecibel(powers[index])) - shift;
  }
  return powers;
}
