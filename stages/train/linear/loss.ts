/**
 * A convex loss of linear scores, summed over rows. Scores, gradients and directions are classes × rows, row-major.
 */
export interface ScoreLoss {
  /** The sum over rows, each with its weight. */
  value(scores: Float64Array): number;
  /** The gradient by the scores, with the curvature at the same place. */
  expand(scores: Float64Array): Expansion;
}

/** A loss around some scores. */
export interface Expansion {
  readonly gradient: Float64Array;
  /** The (generalised) Hessian by the scores, times a direction. */
  curvature(direction: Float64Array): Float64Array;
}

/** What a loss is made of. */
export interface LabelledRows {
  readonly labels: Int32Array;
  readonly classes: number;
  /** One a row. */
  readonly weights: Float64Array;
}
