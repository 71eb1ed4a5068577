import { StageFailure } from '../../../runner/kind/index.ts';
import type { Clip } from '../../audio/clip.ts';
import { DescriptorAnalysis, type FrameDescriptors } from '../../audio/egemaps/descriptors.ts';
import { requireRate } from '../../audio/egemaps/frames.ts';
import { FUNCTIONALS, functionals, type FunctionalName } from '../../audio/egemaps/functionals.ts';
import { requireFinite } from '../../audio/finite.ts';
import type { EgemapsParams } from './params.ts';

/** What the numbers of a vector are, in its order. */
export function functionalNames({ groups }: EgemapsParams): FunctionalName[] {
  return FUNCTIONALS.filter(({ group }) => groups.includes(group));
}

export interface Extracted {
  /** One number a functional of `functionalNames`. */
  readonly features: Float32Array;
  readonly frames: FrameDescriptors;
}

/** Computes the functionals of clips of any rates. */
export class EgemapsExtractor {
  private readonly params: EgemapsParams;
  private readonly analyses = new Map<number, DescriptorAnalysis>();

  constructor(params: EgemapsParams) {
    this.params = params;
  }

  /** @throws StageFailure where the clip is damaged or too short, or its rate unfit. */
  extract({ samples, sampleRate }: Clip, place: string): Extracted {
    const analysis = this.analysisAt(sampleRate, place);
    if (analysis.longFrameCount(samples.length) === 0) {
      throw new StageFailure(
        `too short: ${samples.length} samples, and the pitch needs 60 ms, ${(60 * sampleRate) / 1000} samples`,
        { place, hint: 'take the recording out, or trim less' },
      );
    }
    requireFinite(samples, 'sample', place);
    const frames = analysis.analyse(samples);
    const values = functionals(frames).filter(({ group }) => this.params.groups.includes(group));
    return { features: Float32Array.from(values, ({ value }) => value), frames };
  }

  private analysisAt(sampleRate: number, place: string): DescriptorAnalysis {
    let analysis = this.analyses.get(sampleRate);
    if (analysis === undefined) {
      requireRate(sampleRate, place);
      this.analyses.set(sampleRate, (analysis = new DescriptorAnalysis(sampleRate)));
    }
    return analysis;
  }
}
