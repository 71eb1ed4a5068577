const LOWEST = 25;
/** Bins on either side of a maximum that are kept beside it. */
const KEPT = 2;

/**
 * The spectrum on a scale of octaves from 25 Hz to half the sample rate, as subharmonic summation takes it (Hermes
 * 1988): only what is near local maxima, smoothed, interpolated by a cubic spline and weighted by the ear's
 * sensitivity. It has as many points as the spectrum has bins.
 */
export class OctaveSpectrum {
  readonly points: number;
  /** Points of an octave, by which harmonics lie apart. */
  readonly pointsPerOctave: number;
  readonly values: Float64Array;
  private readonly octavesPerPoint: number;
  private readonly weights: Float64Array;
  /** Abscissas of the bins, and of each point the bin before it. */
  private readonly knots: Float64Array;
  private readonly positions: Float64Array;
  private readonly intervals: Int32Array;
  private readonly enhanced: Float64Array;
  private readonly smoothed: Float64Array;
  private readonly curvature: Float64Array;
  private readonly scratch: Float64Array;

  constructor(sampleRate: number, bins: number) {
    const octaves = Math.log2(sampleRate / 2 / LOWEST);
    this.points = bins;
    this.pointsPerOctave = bins / octaves;
    this.octavesPerPoint = octaves / (bins - 1);
    const hertzPerBin = sampleRate / (2 * (bins - 1));
    this.weights = Float64Array.from({ length: bins }, (_, point) => {
      const octavesAbove = (point + 2) / this.pointsPerOctave - Math.log2(1.3);
      return 0.5 + Math.atan(3 * octavesAbove) / Math.PI;
    });
    // The bin at 0 Hz has no logarithm and is put an octave below the first.
    this.knots = Float64Array.from({ length: bins }, (_, bin) => Math.log2(hertzPerBin * Math.max(0.5, bin)));
    this.positions = Float64Array.from(
      { length: bins },
      (_, point) => Math.log2(LOWEST) + point * this.octavesPerPoint,
    );
    this.intervals = Int32Array.from(this.positions, (position) =>
      Math.min(bins - 2, Math.max(0, Math.floor(2 ** position / hertzPerBin + 1e-9))),
    );
    this.values = new Float64Array(bins);
    this.enhanced = new Float64Array(bins);
    this.smoothed = new Float64Array(bins);
    this.curvature = new Float64Array(bins);
    this.scratch = new Float64Array(bins);
  }

  /** Hz of a point, which may lie between others. */
  frequencyOf(point: number): number {
    return LOWEST * 2 ** (point * this.octavesPerPoint);
  }

  analyse(magnitudes: Float64Array): void {
    this.enhance(magnitudes);
    this.smooth();
    this.fitSpline();
    const { knots, positions, smoothed, curvature } = this;
    for (let point = 0; point < this.points; point++) {
      const left = this.intervals[point];
      const width = knots[left + 1] - knots[left];
      const b = (positions[point] - knots[left]) / width;
      const a = 1 - b;
      const bend =
        ((a * a * a - a) * curvature[left] + (b * b * b - b) * curvature[left + 1]) * width * width;
      const value = a * smoothed[left] + b * smoothed[left + 1] + bend / 6;
      this.values[point] = Math.max(0, value) * this.weights[point];
    }
  }

  /** Takes out what lies between two maxima and near neither. */
  private enhance(magnitudes: Float64Array): void {
    const { enhanced } = this;
    enhanced.set(magnitudes);
    const last = magnitudes.length - 1;
    let previous = -1;
    for (let bin = 0; bin <= last; bin++) {
      if (bin > 0 && magnitudes[bin] <= magnitudes[bin - 1]) continue;
      if (bin < last && magnitudes[bin] < magnitudes[bin + 1]) continue;
      if (previous >= 0 && previous + KEPT + 1 < bin - KEPT)
        enhanced.fill(0, previous + KEPT + 1, bin - KEPT);
      previous = bin;
    }
  }

  private smooth(): void {
    const { enhanced, smoothed } = this;
    const last = enhanced.length - 1;
    smoothed[0] = enhanced[0];
    smoothed[last] = enhanced[last];
    for (let bin = 1; bin < last; bin++) {
      smoothed[bin] = (enhanced[bin - 1] + 2 * enhanced[bin] + enhanced[bin + 1]) / 4;
    }
  }

  /** The natural spline's second derivatives at the bins. */
  private fitSpline(): void {
    const { knots, smoothed, curvature, scratch } = this;
    const last = knots.length - 1;
    curvature[0] = 0;
    scratch[0] = 0;
    for (let bin = 1; bin < last; bin++) {
      const share = (knots[bin] - knots[bin - 1]) / (knots[bin + 1] - knots[bin - 1]);
      const pivot = share * curvature[bin - 1] + 2;
      curvature[bin] = (share - 1) / pivot;
      const turn =
        (smoothed[bin + 1] - smoothed[bin]) / (knots[bin + 1] - knots[bin]) -
        (smoothed[bin] - smoothed[bin - 1]) / (knots[bin] - knots[bin - 1]);
      scratch[bin] = ((6 * turn) / (knots[bin + 1] - knots[bin - 1]) - share * scratch[bin - 1]) / pivot;
    }
    curvature[last] = 0;
    for (let bin = last - 1; bin >= 0; bin--)
      curvature[bin] = curvature[bin] * curvature[bin + 1] + scratch[bin];
  }
}
