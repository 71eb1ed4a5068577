import { FORMANTS, Formants } from './formants.ts';
import { FrameSpectra, gaussWindow, hammingWindow, quantized } from './frames.ts';
import { Harmonics } from './harmonics.ts';
import { MelBands } from './mel-bands.ts';
import { OctaveSpectrum } from './octave-spectrum.ts';
import { SubharmonicSummation, type PitchCandidates } from './pitch-candidates.ts';
import { smoothPitch } from './pitch-smoothing.ts';
import { SpectralShape } from './spectral-shape.ts';

const SHORT_FRAME = 0.02;
const LONG_FRAME = 0.06;
/** Level of a frame under which it has no pitch: root of the mean square, of samples up to 1. */
const SILENT = 0.001;

/** Descriptors of a clip's frames, every 10 ms. */
export interface FrameDescriptors {
  /** Frames of 20 ms. */
  readonly loudness: Float64Array;
  readonly energy: Float64Array;
  readonly alphaRatio: Float64Array;
  readonly hammarbergIndex: Float64Array;
  readonly slope0To500: Float64Array;
  readonly slope500To1500: Float64Array;
  readonly spectralFlux: Float64Array;
  /** Coefficients 1 to 4. */
  readonly mfcc: readonly Float64Array[];
  /** How many frames of 60 ms have a pitch that no further frame could change. */
  readonly settled: number;
  /** Frames of 60 ms, which are fewer: Hz, 0 where unvoiced. */
  readonly pitch: Float64Array;
  readonly harmonicsToNoise: Float64Array;
  readonly firstToSecond: Float64Array;
  readonly firstToThirdFormant: Float64Array;
  /** Of the first three formants: Hz, Hz and dB. */
  readonly formantFrequency: readonly Float64Array[];
  readonly formantBandwidth: readonly Float64Array[];
  readonly formantLevel: readonly Float64Array[];
}

/** Computes the descriptors of eGeMAPS (Eyben et al. 2016) of clips of one sample rate. */
export class DescriptorAnalysis {
  private readonly short: FrameSpectra;
  private readonly long: FrameSpectra;
  private readonly mel: MelBands;
  private readonly shape: SpectralShape;
  private readonly formants: Formants;
  private readonly octaves: OctaveSpectrum;
  private readonly summation: SubharmonicSummation;
  private readonly harmonics: Harmonics;

  constructor(sampleRate: number) {
    this.short = new FrameSpectra(sampleRate, SHORT_FRAME, hammingWindow);
    this.long = new FrameSpectra(sampleRate, LONG_FRAME, gaussWindow);
    this.mel = new MelBands(sampleRate, this.short.fftSize);
    this.shape = new SpectralShape(sampleRate, this.short.fftSize);
    this.formants = new Formants(sampleRate, this.short.fftSize);
    this.octaves = new OctaveSpectrum(sampleRate, this.long.bins);
    this.summation = new SubharmonicSummation(this.octaves);
    this.harmonics = new Harmonics(sampleRate, this.long.fftSize);
  }

  /** Frames of 60 ms in a clip of so many samples. */
  longFrameCount(samples: number): number {
    return this.long.frameCount(samples);
  }

  /** @param samples of a clip that has a frame of 60 ms at least. */
  analyse(samples: Float32Array): FrameDescriptors {
    const integers = quantized(samples);
    const result = emptyDescriptors(
      this.short.frameCount(integers.length),
      this.long.frameCount(integers.length),
    );
    this.analyseShortFrames(integers, result);
    return { ...result, settled: this.analyseLongFrames(integers, result) };
  }

  private analyseShortFrames(samples: Float64Array, result: FrameDescriptors): void {
    const { short, mel, shape, formants } = this;
    const { magnitudes } = short;
    const coefficients = new Float64Array(result.mfcc.length);
    shape.begin();
    for (let frame = 0; frame < result.loudness.length; frame++) {
      short.compute(samples, frame);
      result.energy[frame] = this.meanSquare(samples, frame);
      mel.analyse(magnitudes);
      result.loudness[frame] = mel.loudness();
      mel.cepstrum(coefficients);
      coefficients.forEach((coefficient, index) => (result.mfcc[index][frame] = coefficient));
      result.alphaRatio[frame] = shape.alphaRatio(magnitudes);
      result.hammarbergIndex[frame] = shape.hammarbergIndex(magnitudes);
      [result.slope0To500[frame], result.slope500To1500[frame]] = shape.slopes(magnitudes);
      result.spectralFlux[frame] = shape.flux(magnitudes);
      if (frame >= result.pitch.length) continue;
      formants.analyse(short);
      for (let formant = 0; formant < FORMANTS; formant++) {
        result.formantFrequency[formant][frame] = formants.frequencies[formant];
        result.formantBandwidth[formant][frame] = formants.bandwidths[formant];
      }
    }
  }

  /** Gives the number of settled frames. */
  private analyseLongFrames(samples: Float64Array, result: FrameDescriptors): number {
    const { long, harmonics } = this;
    const frames = result.pitch.length;
    const candidates: PitchCandidates[] = [];
    // Harmonics are looked for once the pitch of all frames is known.
    const spectra = new Float64Array(frames * long.bins);
    const levels = new Float64Array(frames);
    for (let frame = 0; frame < frames; frame++) {
      long.compute(samples, frame);
      spectra.set(long.magnitudes, frame * long.bins);
      levels[frame] = rootMeanSquare(long.windowed);
      this.octaves.analyse(long.magnitudes);
      candidates.push(this.summation.find());
    }
    const { pitch, settled } = smoothPitch(candidates);
    for (let frame = 0; frame < frames; frame++) {
      result.pitch[frame] = levels[frame] < SILENT ? 0 : pitch[frame];
      const formants = Float64Array.from(result.formantFrequency, (contour) => contour[frame]);
      harmonics.analyse(
        spectra.subarray(frame * long.bins, (frame + 1) * long.bins),
        result.pitch[frame],
        formants,
      );
      result.harmonicsToNoise[frame] = harmonics.harmonicsToNoise;
      result.firstToSecond[frame] = harmonics.firstToSecond;
      result.firstToThirdFormant[frame] = harmonics.firstToThirdFormant;
      harmonics.formantLevels.forEach((level, formant) => (result.formantLevel[formant][frame] = level));
    }
    return settled;
  }

  private meanSquare(samples: Float64Array, frame: number): number {
    const start = frame * this.short.hop;
    let sum = 0;
    for (let n = start; n < start + this.short.size; n++) sum += samples[n] * samples[n];
    return sum / this.short.size;
  }
}

/** For so many frames of 20 and of 60 ms, all 0. */
export function emptyDescriptors(short: number, long: number): FrameDescriptors {
  const ofShort = (): Float64Array => new Float64Array(short);
  const ofLong = (): Float64Array => new Float64Array(long);
  const several = (count: number, make: () => Float64Array): Float64Array[] =>
    Array.from({ length: count }, make);
  return {
    loudness: ofShort(),
    energy: ofShort(),
    alphaRatio: ofShort(),
    hammarbergIndex: ofShort(),
    slope0To500: ofShort(),
    slope500To1500: ofShort(),
    spectralFlux: ofShort(),
    mfcc: several(4, ofShort),
    settled: 0,
    pitch: ofLong(),
    harmonicsToNoise: ofLong(),
    firstToSecond: ofLong(),
    firstToThirdFormant: ofLong(),
    formantFrequency: several(FORMANTS, ofLong),
    formantBandwidth: several(FORMANTS, ofLong),
    formantLevel: several(FORMANTS, ofLong),
  };
}

function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}
