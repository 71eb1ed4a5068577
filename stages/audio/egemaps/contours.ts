/** The mean of each value and its neighbours; the first and the last count twice at the ends. */
export function smoothed(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map(
    (value, index) => (values[Math.max(0, index - 1)] + value + values[Math.min(last, index + 1)]) / 3,
  );
}

/** The same of what is not 0: zeros stay, and are no neighbours. */
export function smoothedNonZero(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map((value, index) => {
    if (value === 0) return 0;
    let sum = 0;
    let count = 0;
    for (const place of [Math.max(0, index - 1), index, Math.min(last, index + 1)]) {
      if (values[place] === 0) continue;
      sum += values[place];
      count++;
    }
    return sum / count;
  });
}

/** The values where a clip is voiced, or where it is not; 0 elsewhere. */
export function whereVoiced(values: Float64Array, pitch: Float64Array, voiced: boolean): Float64Array {
  return pitch.map((hertz, frame) => (hertz > 0 === voiced ? values[frame] : 0));
}

export function nonZero(values: Float64Array): Float64Array {
  return values.filter((value) => value !== 0);
}
