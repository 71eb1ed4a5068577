import { StageFailure } from '../../runner/kind/index.ts';
import type { Clip } from './clip.ts';
import { kernels, type Signal } from './kernels/kernels.ts';
import { requireRoom } from './limits.ts';
import { ResamplerPool } from './resample/pool.ts';
import { ratioOf, resampledLength } from './resample/ratio.ts';
import { TRIM_HOP, trimSpan } from './trim.ts';

export interface PreprocessorOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Ends this far below the loudest part are cut off, in dB; null keeps them. */
  readonly trimDb: number | null;
  readonly normalize: 'peak' | 'none';
  /** The clip is played so many times as fast, as a tape is: pitch and formants rise with it. By default 1. */
  readonly speed?: number;
}

export interface PreprocessedClip extends Clip {
  /** What was kept, in samples of the resampled clip, at the speed that it is played. */
  readonly trimStart: number;
  readonly trimEnd: number;
  /** The greatest absolute value before normalising. */
  readonly peak: number;
}

/** The smallest normal float32: `librosa.util.normalize` leaves a clip below it as it is. */
const SMALLEST_NORMAL = 2 ** -126;

/**
 * Resamples, trims and normalises in the order of librosa's `load`, `effects.trim` and `util.normalize`.
 *
 * A speed other than 1 is SoX's effect `speed`, as in Ko et al. (2015), "Audio augmentation for speech recognition":
 * the samples are read as if they had been taken at a higher or lower rate, to the nearest hertz.
 */
export class Preprocessor {
  private readonly options: PreprocessorOptions;
  private readonly resamplers: ResamplerPool;
  private readonly kernels = kernels();

  constructor(options: PreprocessorOptions) {
    this.options = options;
    this.resamplers = new ResamplerPool(options.sampleRate);
  }

  /** @param place what an error names. @throws StageFailure where a sample is NaN or infinite, and where there are too many. */
  process({ samples, sampleRate }: Clip, place: string): PreprocessedClip {
    const { call } = this.kernels;
    const { speed = 1, sampleRate: target } = this.options;
    const played = Math.round(sampleRate * speed);
    requireRoom(resampledLength(samples.length, ratioOf(played, target)), target, place);
    const resampler = this.resamplers.from(played);
    return this.kernels.within((allocate) => {
      const resampled = resampler.resample(samples, allocate);
      const energies = allocate(8 * Math.ceil(resampled.length / TRIM_HOP));
      const { start, end } = this.keptSpan(resampled, energies, place);
      const pointer = resampled.pointer + 4 * start;
      const length = end - start;
      const peak = call.peak(pointer, length);
      if (this.options.normalize === 'peak' && peak >= SMALLEST_NORMAL) call.divide(pointer, length, peak);
      return {
        samples: this.kernels.floats(pointer, length).slice(),
        sampleRate: this.options.sampleRate,
        trimStart: start,
        trimEnd: end,
        peak,
      };
    });
  }

  private keptSpan(
    { pointer, length }: Signal,
    energies: number,
    place: string,
  ): { start: number; end: number } {
    const { call } = this.kernels;
    call.hop_energies(pointer, length, TRIM_HOP, energies);
    const values = this.kernels.doubles(energies, Math.ceil(length / TRIM_HOP));
    const damaged = values.findIndex((energy) => !Number.isFinite(energy));
    if (damaged >= 0) {
      const seconds = ((damaged * TRIM_HOP) / this.options.sampleRate).toFixed(2);
      throw new StageFailure(`a sample near ${seconds} s is NaN or infinite`, {
        place,
        hint: 'the recording is damaged: replace it, or take it out of the folder',
      });
    }
    const { trimDb } = this.options;
    return trimDb === null ? { start: 0, end: length } : trimSpan(values, length, trimDb);
  }
}
