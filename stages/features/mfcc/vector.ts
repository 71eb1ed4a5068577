import { dctMatrix } from '../../audio/dct.ts';
import { deltaMeanWeights, requireDeltaFrames } from '../../audio/delta.ts';
import { MelSpectrogram, type LogMel } from '../../audio/mel-spectrogram.ts';
import type { MfccParams } from './params.ts';

export interface ClipVector {
  readonly features: Float32Array;
  readonly frames: number;
}

/** Numbers in the vector of a clip. */
export function vectorLength({ coefficients, mels }: MfccParams): number {
  return 3 * coefficients + mels;
}

/**
 * The study's vector of a clip: means over time of MFCC, delta, delta-delta (`coefficients` each) and of the mel
 * spectrogram in dB below its greatest value (`mels`), all as librosa computes them.
 *
 * Means, deltas and the DCT are linear in the log-mel spectrogram. So the DCT is taken of three weighted means
 * over time rather than of every frame.
 */
export class MfccVector {
  private readonly params: MfccParams;
  private readonly sampleRate: number;
  private readonly spectrogram: MelSpectrogram;
  private readonly dct: Float64Array;

  /** @param sampleRate of the clips, Hz. */
  constructor(params: MfccParams, sampleRate: number) {
    this.params = params;
    this.sampleRate = sampleRate;
    const { nFft, hopLength, mfccMels, mels } = params;
    this.spectrogram = new MelSpectrogram({
      sampleRate,
      nFft,
      hopLength,
      banks: [
        { bands: mfccMels, reference: 'one' },
        { bands: mels, reference: 'max' },
      ],
    });
    this.dct = dctMatrix(params.coefficients, mfccMels);
  }

  /** @throws StageFailure where the clip has fewer frames than a delta needs. */
  compute(samples: Float32Array, place: string): ClipVector {
    const { coefficients, hopLength } = this.params;
    const frames = this.spectrogram.frameCount(samples.length);
    const { sampleRate } = this;
    requireDeltaFrames(frames, { samples: samples.length, sampleRate, hopLength }, place);
    return this.spectrogram.analyse(samples, place, ([underMfcc, beside]) => {
      const features = new Float32Array(vectorLength(this.params));
      const means = new Float64Array(frames).fill(1 / frames);
      [means, deltaMeanWeights(frames, 1), deltaMeanWeights(frames, 2)].forEach((weights, order) => {
        this.transform(weightedSum(underMfcc, weights), features.subarray(order * coefficients));
      });
      features.set(weightedSum(beside, means), 3 * coefficients);
      return { features, frames };
    });
  }

  private transform(logMel: Float64Array, output: Float32Array): void {
    for (let row = 0; row < this.params.coefficients; row++) {
      let sum = 0;
      for (let band = 0; band < logMel.length; band++)
        sum += this.dct[row * logMel.length + band] * logMel[band];
      output[row] = sum;
    }
  }
}

/** Sums the frames with a weight for each; frames of weight 0 cost nothing. */
function weightedSum({ frames, bands, decibels }: LogMel, weights: Float64Array): Float64Array {
  const sums = new Float64Array(bands);
  for (let frame = 0; frame < frames; frame++) {
    const weight = weights[frame];
    if (weight === 0) continue;
    for (let band = 0; band < bands; band++) sums[band] += weight * decibels[frame * bands + band];
  }
  return sums;
}
