import { CHROMA_BINS, chroma, chromaFilters } from '../../audio/chroma.ts';
import { delta } from '../../audio/delta.ts';
import type { PitchRange } from '../../audio/difference-function.ts';
import { rootMeanSquare, zeroCrossingRate } from '../../audio/level.ts';
import { MelSpectrogram } from '../../audio/mel-spectrogram.ts';
import { cepstrum } from '../../audio/mfcc.ts';
import { Pyin, type PitchTrack } from '../../audio/pyin/pyin.ts';
import { CONTRAST_BANDS, requireContrastRate, spectralContrast } from '../../audio/spectral-contrast.ts';
import { Spectrogram } from '../../audio/spectrogram.ts';
import { yin } from '../../audio/yin.ts';
import type { AcousticParams, DescriptorName } from './params.ts';

/** Numbers that a descriptor has for each frame. */
export function descriptorWidth(name: DescriptorName, { coefficients, mels }: AcousticParams): number {
  switch (name) {
    case 'mfcc':
    case 'delta':
    case 'delta2':
      return coefficients;
    case 'mel':
      return mels;
    case 'chroma':
      return CHROMA_BINS;
    case 'contrast':
      return CONTRAST_BANDS;
    default:
      return 1;
  }
}

/** Computes descriptors of clips of one sample rate; what several share is computed once a clip. */
export class DescriptorExtractor {
  private readonly params: AcousticParams;
  private readonly sampleRate: number;
  private readonly mel: MelSpectrogram;
  private readonly spectrogram: Spectrogram;
  private readonly chromaFilters: Float32Array;
  private pyin: Pyin | undefined;

  /** @param sampleRate Hz. */
  constructor(params: AcousticParams, sampleRate: number) {
    this.params = params;
    this.sampleRate = sampleRate;
    const { nFft, hopLength, mfccMels, mels } = params;
    this.spectrogram = new Spectrogram({ nFft, hopLength });
    this.chromaFilters = chromaFilters(sampleRate, nFft);
    this.mel = new MelSpectrogram({
      sampleRate,
      nFft,
      hopLength,
      banks: [
        { bands: mfccMels, reference: 'one' },
        { bands: mels, reference: 'max' },
      ],
    });
  }

  frameCount(samples: number): number {
    return this.spectrogram.frameCount(samples);
  }

  /** Each descriptor of `params.descriptors` in turn: frames × its width, row-major. */
  compute(samples: Float32Array, place: string): Float32Array[] {
    const clip = new ClipAnalysis(samples, place, this);
    return this.params.descriptors.map((name) => this.descriptor(name, clip, place));
  }

  private descriptor(name: DescriptorName, clip: ClipAnalysis, place: string): Float32Array {
    const { params, sampleRate } = this;
    switch (name) {
      case 'mfcc':
        return clip.mfcc();
      case 'delta':
        return delta(clip.mfcc(), params.coefficients, 1);
      case 'delta2':
        return delta(clip.mfcc(), params.coefficients, 2);
      case 'mel':
        return clip.logMel()[1];
      case 'chroma':
        return chroma(clip.powers(), this.chromaFilters);
      case 'contrast':
        requireContrastRate(sampleRate, place);
        return spectralContrast(clip.powers(), sampleRate, params.nFft);
      case 'zeroCrossingRate':
        return zeroCrossingRate(clip.samples, params);
      case 'rms':
        return rootMeanSquare(clip.samples, params);
      case 'pitch':
        return params.pitchMethod === 'yin'
          ? yin(clip.samples, sampleRate, params, pitchRange(params), place)
          : filledPitch(clip.pitchTrack(), params.unvoicedPitch);
      case 'voiced':
        return clip.pitchTrack().voiced;
      case 'voicedProbability':
        return clip.pitchTrack().voicedProbability;
    }
  }

  pitchTrack(samples: Float32Array, place: string): PitchTrack {
    const { params, sampleRate } = this;
    this.pyin ??= new Pyin(params.pyin, pitchRange(params), params, sampleRate, place);
    return this.pyin.track(samples, place);
  }

  /** The log-mel spectrograms under the MFCC and beside them. */
  logMel(samples: Float32Array, place: string): Float32Array[] {
    return this.mel.analyse(samples, place, (both) => both.map(({ decibels }) => decibels.slice()));
  }

  powers(samples: Float32Array, place: string): Float32Array {
    return this.spectrogram.powers(samples, place);
  }

  cepstrum(decibels: Float32Array): Float32Array {
    return cepstrum(decibels, this.params.mfccMels, this.params.coefficients);
  }
}

function pitchRange({ pitchMin, pitchMax }: AcousticParams): PitchRange {
  return { lowest: pitchMin, highest: pitchMax };
}

/** The pitch of voiced frames, and `unvoiced` of all others; null leaves these their best guess. */
function filledPitch({ frequencies, voiced }: PitchTrack, unvoiced: number | null): Float32Array {
  if (unvoiced === null) return frequencies;
  return frequencies.map((frequency, frame) => (voiced[frame] === 1 ? frequency : unvoiced));
}

/** What has been computed of one clip so far. */
class ClipAnalysis {
  readonly samples: Float32Array;
  private readonly place: string;
  private readonly extractor: DescriptorExtractor;
  private cachedLogMel: Float32Array[] | undefined;
  private cachedMfcc: Float32Array | undefined;
  private cachedPowers: Float32Array | undefined;
  private cachedPitchTrack: PitchTrack | undefined;

  constructor(samples: Float32Array, place: string, extractor: DescriptorExtractor) {
    this.samples = samples;
    this.place = place;
    this.extractor = extractor;
  }

  logMel(): Float32Array[] {
    return (this.cachedLogMel ??= this.extractor.logMel(this.samples, this.place));
  }

  mfcc(): Float32Array {
    return (this.cachedMfcc ??= this.extractor.cepstrum(this.logMel()[0]));
  }

  powers(): Float32Array {
    return (this.cachedPowers ??= this.extractor.powers(this.samples, this.place));
  }

  pitchTrack(): PitchTrack {
    return (this.cachedPitchTrack ??= this.extractor.pitchTrack(this.samples, this.place));
  }
}
