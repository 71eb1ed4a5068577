/** Bins of equal width where nobody asks for another number. */
export const defaultCalibrationBins = 10;

/** Clips whose most probable class has a probability between two edges. */
export interface ReliabilityBin {
  /** The bin holds confidences above `from` up to and with `to`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means over the clips of the bin; 0 for an empty one. */
  readonly confidence: number;
  readonly accuracy: number;
}

/**
 * The reliability diagram of the most probable class, in bins of equal width. `probabilities`: clips × classes,
 * row-major.
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  bins = defaultCalibrationBins,
): ReliabilityBin[] {
  const counts = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const rights = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[i * classes + c] > probabilities[i * classes + best]) best = c;
    }
    const confidence = probabilities[i * classes + best];
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    counts[bin]++;
    confidences[bin] += confidence;
    if (best === labels[i]) rights[bin]++;
  }
  return Array.from(counts, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    confidence: count === 0 ? 0 : confidences[bin] / count,
    accuracy: count === 0 ? 0 : rights[bin] / count,
  }));
}

/**
 * ECE: the mean distance between confidence and accuracy, each bin weighted by its clips (Guo et al., "On
 * Calibration of Modern Neural Networks", 2017).
 */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  bins = defaultCalibrationBins,
): number {
  if (labels.length === 0) return 0;
  return reliabilityBins(probabilities, labels, classes, bins).reduce(
    (total, bin) => total + (bin.count / labels.length) * Math.abs(bin.accuracy - bin.confidence),
    0,
  );
}

/** The mean of −log of the probability given to the right class; probabilities below 1e-15 count as 1e-15. */
export function logLoss(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number {
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    total -= Math.log(Math.max(1e-15, probabilities[i * classes + labels[i]]));
  }
  return labels.length === 0 ? 0 : total / labels.length;
}
