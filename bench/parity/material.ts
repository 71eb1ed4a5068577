import { kernels } from '../../stages/audio/kernels/kernels.ts';
import { createResampler } from '../../stages/audio/resample/resampler.ts';
import { signal, sine } from '../../test/stages/audio/signals.ts';

/** A clip that both sides are given. */
export interface Material {
  readonly name: string;
  /** Hz. */
  readonly rate: number;
  readonly samples: Float32Array;
}

const RATES = [8000, 16_000, 22_050, 44_100, 48_000];
const SECONDS = 0.6;
/** Below, at and beyond a hop, half a frame, a frame, and what a delta needs. */
const LENGTHS = [1, 2, 100, 511, 512, 513, 1023, 1025, 2047, 2048, 2049, 4095, 4096, 4608];

/** Signals like real and broken recordings, besides broadband speech, at every rate. */
export function materials(): Material[] {
  return RATES.flatMap((rate) => [
    ...Object.entries(ofRate(rate)).map(([name, samples]) => ({ name, rate, samples })),
    ...(rate === 16_000 || rate === 48_000 ? short(rate) : []),
  ]);
}

function ofRate(rate: number): Record<string, Float32Array> {
  const count = Math.round(SECONDS * rate);
  const voice = signal('voice', rate, count, rate % 97);
  const noise = signal('noise', rate, count, rate % 89);
  const of = (sample: (n: number) => number): Float32Array =>
    Float32Array.from({ length: count }, (_, n) => sample(n));
  const lsb = 1 / 32_768;
  return {
    voice,
    noise,
    'band-limited': bandLimited(rate, 3),
    'telephone band': bandLimited(rate, 6),
    'at -90 dB': voice.map((value) => value * 10 ** (-90 / 20)),
    'at -90 dB in 16 bits': voice.map((value) => Math.round((value * 10 ** (-90 / 20)) / lsb) * lsb),
    'at -200 dB': voice.map((value) => value * 1e-10),
    denormal: voice.map((value) => value * 1e-39),
    clipped: voice.map((value) => Math.min(1, Math.max(-1, 12 * value))),
    'square wave': of((n) => (n % 100 < 50 ? 1 : -1)),
    'with DC': voice.map((value) => value / 2 + 0.4),
    DC: of(() => 0.5),
    silence: of(() => 0),
    'one LSB of dither': noise.map((value) => Math.sign(value) * lsb),
    impulse: of((n) => (n === count >> 1 ? 1 : 0)),
    'impulse first': of((n) => (n === 0 ? 1 : 0)),
    'impulse last': of((n) => (n === count - 1 ? 1 : 0)),
    'click in silence': of((n) => (n >= 4000 && n < 4012 ? (n % 2 ? -0.8 : 0.8) : 0)),
    'alternating ±1': of((n) => (n % 2 ? -1 : 1)),
    'tone of 440 Hz': sine(440, rate, count),
    'tone on a bin': sine((rate * 64) / 2048, rate, count),
    'hum of 50 Hz': sine(50, rate, count).map((value) => value / 100),
    'voice after silence': voice.map((value, n) => (n < count / 2 ? 0 : value)),
    loud: voice.map((value) => value * 1000),
  };
}

function short(rate: number): Material[] {
  return LENGTHS.flatMap((length) => [
    { name: `${length} samples of noise`, rate, samples: signal('noise', rate, length, 7 + length) },
    { name: `${length} samples of silence`, rate, samples: new Float32Array(length) },
  ]);
}

/** A recording of a lower rate brought to this one: its upper bands are empty. */
function bandLimited(rate: number, factor: number): Float32Array {
  const lower = Math.round(rate / factor);
  const resampler = createResampler(lower, rate);
  const voice = signal('voice', lower, Math.round(SECONDS * lower), 3 + factor);
  return kernels().within((allocate) => {
    const { pointer, length } = resampler.resample(voice, allocate);
    return kernels().floats(pointer, length).slice();
  });
}
