import type { Clip } from '../clips.ts';

/** A clip's role in one fold; `unused` where a protocol leaves it out of that fold. */
export type Role = 'train' | 'validation' | 'test' | 'unused';

export interface SplitFold {
  readonly name: string;
  /** One a clip, in the order of the clips. */
  readonly roles: readonly Role[];
}

export interface ProtocolParams {
  readonly testFraction: number;
  /** Share of what is not tested that validates; 0: the test part validates as well. */
  readonly validationFraction: number;
  readonly folds: number;
  /** Which corpora are tested, a fold each; all where it is not given. */
  readonly testCorpora?: readonly string[] | undefined;
  /** Of this repetition. */
  readonly seed: number;
}

/** Cuts a corpus into folds. Pure: the same clips, params and seed give the same folds. */
export interface Protocol {
  /** Share that validates where the params do not say. */
  readonly defaultValidationFraction: number;
  /** Whether no speaker and no recording may stand in more than one part of a fold. */
  readonly speakerDisjoint: boolean;
  /** Whether equal audio under two names fails the run where it stands in more than one part. */
  readonly recordingDisjoint: boolean;
  /** What a reader of the results must know. */
  readonly notes: readonly string[];
  /** Throws StageFailure where the corpus does not allow the protocol. `note` says what was done otherwise. */
  split(clips: readonly Clip[], params: ProtocolParams, note: (text: string) => void): SplitFold[];
}
