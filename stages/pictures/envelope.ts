/** Where a waveform is drawn, in pixels. */
export interface WaveformArea {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
}

/**
 * The outline of a waveform as the `d` of an SVG path: the greatest and the least sample of each pixel, scaled to the
 * clip's peak.
 */
export function envelope(samples: Float32Array, { left, width, top, height }: WaveformArea): string {
  const columns = Math.max(2, Math.round(width));
  const scale = peakOf(samples) || 1;
  const middle = top + height / 2;
  const upper: string[] = [];
  const lower: string[] = [];
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * samples.length) / columns);
    const end = Math.max(start + 1, Math.floor(((column + 1) * samples.length) / columns));
    let [least, greatest] = [0, 0];
    for (let index = start; index < end; index++) {
      // Of broken numbers nothing is drawn.
      if (!Number.isFinite(samples[index])) continue;
      if (samples[index] < least) least = samples[index];
      if (samples[index] > greatest) greatest = samples[index];
    }
    const position = fixed(left + column + 0.5);
    const y = (value: number): string => fixed(middle - (value / scale) * (height / 2 - 1));
    // A line of its own where the clip is silent.
    upper.push(`${position},${fixed(Number(y(greatest)) - 0.3)}`);
    lower.push(`${position},${fixed(Number(y(least)) + 0.3)}`);
  }
  return `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
}

/** The greatest absolute value of finite samples. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) {
    const magnitude = Math.abs(sample);
    if (magnitude > peak && magnitude < Infinity) peak = magnitude;
  }
  return peak;
}

/** The peak in dB below full scale. */
export function peakLevel(samples: Float32Array): string {
  const peak = peakOf(samples);
  return peak === 0 ? 'silent' : `${(20 * Math.log10(peak)).toFixed(1).replace('-', '−')} dB`;
}

/** A number to a tenth, as short as can be. */
export function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
