import { StageFailure } from '../../runner/kind/index.ts';
import { melBank } from './mel.ts';
import { Spectrogram, type FrameOptions } from './spectrogram.ts';

export interface MelSpectrogramOptions extends FrameOptions {
  /** Hz. */
  readonly sampleRate: number;
  readonly banks: readonly MelBankOptions[];
}

export interface MelBankOptions {
  readonly bands: number;
  /** 0 dB: a power of 1, or the greatest power of the clip. */
  readonly reference: 'one' | 'max';
}

/** Fields of a MelBank structure of source/spectrum.c; the last is where the powers go, set for each clip. */
const BANK_FIELDS = 5;
const OUTPUT_FIELD = 4;

/** One bank's log-mel spectrogram in dB: `frames` × `bands`, row-major. */
export interface LogMel {
  readonly frames: number;
  readonly bands: number;
  readonly decibels: Float32Array;
}

/**
 * Log-mel spectrograms, `librosa.power_to_db(librosa.feature.melspectrogram(…))` with librosa's defaults: one or more
 * banks on one spectrum.
 */
export class MelSpectrogram {
  private readonly spectrogram: Spectrogram;
  private readonly banks: readonly MelBankOptions[];
  /** Where the MelBank structures lie. */
  private readonly bankStructures: number;

  constructor(options: MelSpectrogramOptions) {
    const { sampleRate, nFft, banks } = options;
    this.banks = banks;
    this.spectrogram = new Spectrogram(options);
    const memory = this.spectrogram.kernels;
    const fields = banks.flatMap(({ bands }) => {
      const bank = melBank({ sampleRate, nFft, bands });
      return [
        bands,
        memory.reserveIntegers(bank.starts),
        memory.reserveIntegers(bank.offsets),
        memory.reserveFloats(bank.weights),
        0,
      ];
    });
    this.bankStructures = memory.reserveIntegers(fields);
  }

  /** Frames of a clip of so many samples. */
  frameCount(samples: number): number {
    return this.spectrogram.frameCount(samples);
  }

  /**
   * The spectrograms of a clip in the order of `banks`, for `use` only: they lie in the kernels' memory.
   *
   * @throws StageFailure where the clip is too loud for a float32 power.
   */
  analyse<Result>(samples: Float32Array, place: string, use: (spectrograms: LogMel[]) => Result): Result {
    const { spectrogram, banks } = this;
    const { kernels } = spectrogram;
    const frames = this.frameCount(samples.length);
    return kernels.within((allocate) => {
      const padded = spectrogram.pad(samples, place, allocate);
      const outputs = banks.map(({ bands }) => allocate(4 * roundedToVectors(frames * bands)));
      const structures = kernels.integers(this.bankStructures, BANK_FIELDS * banks.length);
      outputs.forEach((output, index) => (structures[BANK_FIELDS * index + OUTPUT_FIELD] = output));
      kernels.call.mel_powers(spectrogram.plan, padded, frames, this.bankStructures, banks.length);
      return use(banks.map((bank, index) => this.toDecibels(bank, frames, outputs[index], place)));
    });
  }

  private toDecibels(bank: MelBankOptions, frames: number, powers: number, place: string): LogMel {
    const { kernels } = this.spectrogram;
    const length = frames * bank.bands;
    const rounded = roundedToVectors(length);
    kernels.floats(powers, rounded).fill(0, length);
    const greatest = kernels.call.decibels(powers, rounded / 4, bank.reference === 'max' ? 1 : 0);
    if (!Number.isFinite(greatest)) {
      throw new StageFailure('a mel power beyond float32', {
        place,
        hint: 'scale the samples to full scale ±1, e.g. with `normalize: peak`',
      });
    }
    return { frames, bands: bank.bands, decibels: kernels.floats(powers, length) };
  }
}

/** The kernel takes four powers at a time. */
function roundedToVectors(length: number): number {
  return Math.ceil(length / 4) * 4;
}
