import { createResampler, type Resampler } from './resampler.ts';

/** The resamplers to one rate, each designed when its source rate first occurs. */
export class ResamplerPool {
  private readonly to: number;
  private readonly resamplers = new Map<number, Resampler>();

  constructor(to: number) {
    this.to = to;
  }

  from(rate: number): Resampler {
    let resampler = this.resamplers.get(rate);
    if (resampler === undefined) {
      resampler = createResampler(rate, this.to);
      this.resamplers.set(rate, resampler);
    }
    return resampler;
  }
}
