import { StageFailure } from '../../../runner/kind/index.ts';
import { forEachDifference, periodRange, type PeriodRange, type PitchRange } from '../difference-function.ts';
import { requireFinite } from '../finite.ts';
import { frameCount } from '../frames.ts';
import type { FrameOptions } from '../spectrogram.ts';
import { PeriodCandidates } from './candidates.ts';
import type { PyinOptions } from './options.ts';
import { PitchPath } from './pitch-path.ts';

/** The pitch of a clip's frames. */
export interface PitchTrack {
  /** Hz; of unvoiced frames the best guess. */
  readonly frequencies: Float32Array;
  /** 1 where a frame is voiced, else 0. */
  readonly voiced: Float32Array;
  /** Probability that the frame is voiced, by itself. */
  readonly voicedProbability: Float32Array;
}

/**
 * Pitch and voicing of clips of one sample rate by probabilistic YIN (Mauch & Dixon 2014), as `librosa.pyin`.
 */
export class Pyin {
  private readonly sampleRate: number;
  private readonly frames: FrameOptions;
  private readonly lowest: number;
  private readonly periods: PeriodRange;
  private readonly binsPerOctave: number;
  private readonly bins: number;
  private readonly candidates: PeriodCandidates;
  private readonly path: PitchPath;

  /** @throws StageFailure where frames are too short for the lowest pitch, or lie so far apart that any may follow any. */
  constructor(
    options: PyinOptions,
    range: PitchRange,
    frames: FrameOptions,
    sampleRate: number,
    place: string,
  ) {
    this.sampleRate = sampleRate;
    this.frames = frames;
    this.lowest = range.lowest;
    this.periods = periodRange(range, sampleRate, frames.nFft, place);
    const binsPerSemitone = Math.ceil(1 / options.resolution);
    this.binsPerOctave = 12 * binsPerSemitone;
    this.bins = Math.floor(this.binsPerOctave * Math.log2(range.highest / range.lowest)) + 1;
    const semitones = Math.round((options.maxTransitionRate * 12 * frames.hopLength) / sampleRate);
    const transitionWidth = semitones * binsPerSemitone + 1;
    if (transitionWidth > this.bins) {
      throw new StageFailure(
        `from frame to frame the pitch may change by ${semitones} semitones, more than from ` +
          `${range.lowest} to ${range.highest} Hz`,
        { place, hint: 'lower hopLength or pyin.maxTransitionRate' },
      );
    }
    this.candidates = new PeriodCandidates(options, this.periods.longest - this.periods.shortest + 1);
    const { switchProbability } = options;
    this.path = new PitchPath({ bins: this.bins, transitionWidth, switchProbability });
  }

  /** @throws StageFailure where a sample is NaN or infinite: its frame would pass for an unvoiced one. */
  track(samples: Float32Array, place: string): PitchTrack {
    requireFinite(samples, 'sample', place);
    const { bins, candidates } = this;
    const count = frameCount(samples.length, this.frames.hopLength);
    const observed = new Float64Array(count * bins);
    const unvoiced = new Float64Array(count);
    const voicedProbability = new Float32Array(count);
    forEachDifference(samples, this.frames, this.periods, (difference, frame) => {
      candidates.find(difference);
      const row = observed.subarray(frame * bins, (frame + 1) * bins);
      const probability = this.observe(row);
      voicedProbability[frame] = probability;
      unvoiced[frame] = (1 - probability) / bins;
    });
    const states = this.path.decode(observed, unvoiced);
    return {
      frequencies: Float32Array.from(
        states,
        (state) => this.lowest * 2 ** ((state % bins) / this.binsPerOctave),
      ),
      voiced: Float32Array.from(states, (state) => (state < bins ? 1 : 0)),
      voicedProbability,
    };
  }

  /** Puts the candidates' probabilities into the bins of their pitches and gives their sum. */
  private observe(bins: Float64Array): number {
    const { count, periods, probabilities } = this.candidates;
    for (let index = 0; index < count; index++) {
      if (probabilities[index] === 0) continue;
      const frequency = this.sampleRate / (this.periods.shortest + periods[index]);
      const bin = Math.max(0, Math.round(this.binsPerOctave * Math.log2(frequency / this.lowest)));
      // Of candidates in one bin the longest period counts; what lies above the highest bin is left out.
      if (bin < bins.length) bins[bin] = probabilities[index];
    }
    let sum = 0;
    for (let bin = 0; bin < bins.length; bin++) sum += bins[bin];
    return Math.min(1, Math.max(0, sum));
  }
}
