import { signal } from './signals.ts';

/** The signals of scripts/fixtures/librosa_extremes.py, sample by sample. */
export function extremeSignal(name: string, rate: number, count: number): Float32Array {
  const of = (sample: (n: number) => number): Float32Array =>
    Float32Array.from({ length: count }, (_, n) => sample(n));
  const voice = (): Float32Array => signal('voice', rate, count, 51);
  switch (name) {
    case 'chord':
      return chord(count);
    case 'alternating':
      return of((n) => (n % 2 === 0 ? 1 : -1));
    case 'square':
      return of((n) => (n % 100 < 50 ? 1 : -1));
    case 'click':
      return of((n) => (n >= 900 && n < 912 ? (n % 2 === 0 ? 0.75 : -0.75) : 0));
    case 'impulse':
      return of((n) => (n === 1200 ? 1 : 0));
    case 'offset':
      return voice().map((value) => value / 2 + 0.375);
    case 'faint':
      return voice().map((value) => value / 32_768);
    case 'clipped':
      return voice().map((value) => Math.min(1, Math.max(-1, 16 * value)));
    case 'constant':
      return of(() => 0.5);
    case 'silence':
      return of(() => 0);
    case 'noise':
      return signal('noise', rate, count, 52);
    default:
      throw new Error(`there is no signal ${name}`);
  }
}

/** Six tones up to an eighth of the Nyquist frequency: above it all bands are empty but for rounding. */
function chord(count: number): Float32Array {
  const total = new Float64Array(count);
  for (let tone = 1; tone <= 6; tone++) {
    const step = 2 - (tone * tone) / 512;
    let before = 0;
    let now = 0.01 * tone;
    for (let n = 0; n < count; n++) {
      total[n] += now;
      [before, now] = [now, step * now - before];
    }
  }
  return Float32Array.from(total, (value) => value / 8);
}
