import { cosineOfCycles, exponential } from './elementary.ts';

/**
 * Klatt's two-pole resonator with unit gain at 0 Hz (Klatt 1980, "Software for a cascade/parallel formant
 * synthesizer"): `y[n] = a x[n] + b y[n-1] + c y[n-2]`. Frequencies in Hz.
 */
export class Resonator {
  private readonly sampleRate: number;
  private a = 1;
  private b = 0;
  private c = 0;
  private previous = 0;
  private beforePrevious = 0;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  tune(frequency: number, bandwidth: number): void {
    const radius = exponential((-Math.PI * bandwidth) / this.sampleRate);
    this.c = -radius * radius;
    this.b = 2 * radius * cosineOfCycles(frequency / this.sampleRate);
    this.a = 1 - this.b - this.c;
  }

  filter(x: number): number {
    const y = this.a * x + this.b * this.previous + this.c * this.beforePrevious;
    this.beforePrevious = this.previous;
    this.previous = y;
    return y;
  }
}

/** The inverse of a resonator: a pair of zeros with unit gain at 0 Hz. */
export class Antiresonator {
  private readonly sampleRate: number;
  private a = 1;
  private b = 0;
  private c = 0;
  private previous = 0;
  private beforePrevious = 0;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  tune(frequency: number, bandwidth: number): void {
    const radius = exponential((-Math.PI * bandwidth) / this.sampleRate);
    const c = -radius * radius;
    const b = 2 * radius * cosineOfCycles(frequency / this.sampleRate);
    this.a = 1 / (1 - b - c);
    this.b = -b * this.a;
    this.c = -c * this.a;
  }

  filter(x: number): number {
    const y = this.a * x + this.b * this.previous + this.c * this.beforePrevious;
    this.beforePrevious = this.previous;
    this.previous = x;
    return y;
  }
}

/** A one-pole low-pass with unit gain at 0 Hz that attenuates `frequency` by a given power ratio. */
export class TiltFilter {
  private readonly pole: number;
  private previous = 0;

  /** `attenuation`: power at 0 Hz over power at `frequency`, at least 1. */
  constructor(sampleRate: number, frequency: number, attenuation: number) {
    this.pole = poleOf(1 / attenuation, cosineOfCycles(frequency / sampleRate));
  }

  filter(x: number): number {
    this.previous = (1 - this.pole) * x + this.pole * this.previous;
    return this.previous;
  }
}

/** Solves `(1 - p)^2 / (1 - 2 p cosine + p^2) = gain` for the pole inside the unit circle. */
function poleOf(gain: number, cosine: number): number {
  if (gain >= 1) return 0;
  const half = 1 - gain * cosine;
  return (half - Math.sqrt(half * half - (1 - gain) * (1 - gain))) / (1 - gain);
}
