import { delta } from '../../audio/delta.ts';
import { MelSpectrogram } from '../../audio/mel-spectrogram.ts';
import { cepstrum } from '../../audio/mfcc.ts';
import type { Clip } from '../../audio/clip.ts';
import type { MfccParams } from './params.ts';

/** A part of the vector before the mean over time: frames × `width`, row-major. */
export interface MfccPart {
  readonly name: string;
  /** What one number of a frame is. */
  readonly each: 'coefficient' | 'mel band';
  readonly width: number;
  readonly frames: number;
  readonly values: Float32Array;
}

/** The four parts of the vector frame by frame. The clip has as many frames as a delta needs. */
export function mfccFrames({ samples, sampleRate }: Clip, place: string, params: MfccParams): MfccPart[] {
  const { nFft, hopLength, mfccMels, mels, coefficients } = params;
  const spectrogram = new MelSpectrogram({
    sampleRate,
    nFft,
    hopLength,
    banks: [
      { bands: mfccMels, reference: 'one' },
      { bands: mels, reference: 'max' },
    ],
  });
  const frames = spectrogram.frameCount(samples.length);
  const [mfcc, mel] = spectrogram.analyse(samples, place, ([underMfcc, beside]) => [
    cepstrum(underMfcc.decibels, mfccMels, coefficients),
    beside.decibels.slice(),
  ]);
  return [
    { name: 'MFCC', each: 'coefficient', width: coefficients, frames, values: mfcc },
    { name: 'delta', each: 'coefficient', width: coefficients, frames, values: delta(mfcc, coefficients, 1) },
    {
      name: 'delta-delta',
      each: 'coefficient',
      width: coefficients,
      frames,
      values: delta(mfcc, coefficients, 2),
    },
    { name: 'mel spectrogram in dB', each: 'mel band', width: mels, frames, values: mel },
  ];
}
