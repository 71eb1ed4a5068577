/** The parameters of pYIN; in brackets librosa's names. */
export interface PyinOptions {
  /** Thresholds between 0 and 1 that a trough is compared with (n_thresholds). */
  readonly thresholds: number;
  /** The shape of the prior over the thresholds (beta_parameters). */
  readonly betaParameters: readonly [number, number];
  /** How much the prior over troughs prefers short periods (boltzmann_parameter). */
  readonly boltzmannParameter: number;
  /** Distance of the pitches that are told apart, in semitones (resolution). */
  readonly resolution: number;
  /** Greatest change of the pitch, in octaves per second (max_transition_rate). */
  readonly maxTransitionRate: number;
  /** Probability that voicing begins or ends from a frame to the next (switch_prob). */
  readonly switchProbability: number;
  /** Greatest probability of the lowest trough where none is below a threshold (no_trough_prob). */
  readonly noTroughProbability: number;
}
