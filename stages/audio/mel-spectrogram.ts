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
  /** MelBank structures of source/spectrum.c; the last field of each is the output, set for each clip. */
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

  /** The spectrograms in the order of `banks`: views that the next call overwrites. */
  compute(samples: Float32Array): LogMel[] {
    const { spectrogram, banks } = this;
    const { kernels } = spectrogram;
    const frames = this.frameCount(samples.length);
    const lengths = banks.map(({ bands }) => frames * bands);
    const [padded, ...outputs] = kernels.scratch(
      spectrogram.paddedLength(samples.length),
      ...lengths.map(roundedToVectors),
    );
    spectrogram.pad(samples, padded);
    const structures = new Int32Array(kernels.call.memory.buffer, this.bankStructures, 5 * banks.length);
    outputs.forEach((output, index) => (structures[5 * index + 4] = output));
    kernels.call.mel_powers(spectrogram.plan, padded, frames, this.bankStructures, banks.length);
    return banks.map(({ bands, reference }, index) => {
      const rounded = roundedToVectors(lengths[index]);
      kernels.floats(outputs[index], rounded).fill(0, lengths[index]);
      kernels.call.decibels(outputs[index], rounded / 4, reference === 'max' ? 1 : 0);
      return { frames, bands, decibels: kernels.floats(outputs[index], lengths[index]) };
    });
  }
}

function roundedToVectors(length: number): number {
  return Math.ceil(length / 4) * 4;
}
