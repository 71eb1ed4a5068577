/** The logarithm of what stands for a probability of 0: of the smallest normal number, as in librosa. */
const LOG_ZERO = Math.log(2 ** -1022);

/** A path's states: bins of pitch, first all voiced and then all unvoiced ones. */
export interface PathOptions {
  /** Bins of pitch. */
  readonly bins: number;
  /** Bins that a frame's pitch may come from: the width of a triangle of probabilities. */
  readonly transitionWidth: number;
  /** Probability that voicing begins or ends. */
  readonly switchProbability: number;
}

/**
 * The most likely path through voiced and unvoiced bins of pitch by Viterbi's algorithm, as `librosa.sequence.viterbi`
 * with the transitions of `librosa.pyin`.
 *
 * Three things make it fast. The probability of a transition is that of the step between bins, which is not 0 within
 * a narrow band only, times that of switching; so the best way to a bin is looked for in the band, once for voiced and
 * once for unvoiced origins. These ways do not cross, which leaves few to compare. And beyond the band all transitions
 * are alike, so that the best state of all stands for them.
 */
export class PitchPath {
  private readonly options: PathOptions;
  /** Log probabilities of the steps in the triangle, and how many bins down its first step leads. */
  private readonly steps: Float64Array;
  private readonly down: number;
  /** Log of the sum of the triangle's part that lies within the bins, for each origin. */
  private readonly logSums: Float64Array;
  private readonly logStay: number;
  private readonly logSwitch: number;
  /** What each state's path has reached, voiced and unvoiced, before a step. */
  private readonly reached: readonly [Float64Array, Float64Array];
  private readonly best: readonly [Float64Array, Float64Array];
  private readonly origin: readonly [Uint16Array, Uint16Array];

  constructor(options: PathOptions) {
    this.options = options;
    const { bins, transitionWidth, switchProbability } = options;
    // Of an even number of bins the middle lies to the right for an odd number of states, to the left else.
    this.down = Math.floor(transitionWidth / 2) - (transitionWidth % 2 === 0 && bins % 2 === 0 ? 1 : 0);
    const triangle = triangularWindow(transitionWidth);
    this.steps = triangle.map(Math.log);
    this.logSums = Float64Array.from({ length: bins }, (_, from) => {
      let sum = 0;
      triangle.forEach((weight, step) => {
        const to = from - this.down + step;
        if (to >= 0 && to < bins) sum += weight;
      });
      return Math.log(sum);
    });
    this.logStay = Math.log(1 - switchProbability);
    this.logSwitch = Math.log(switchProbability);
    const ofBoth = <Values>(make: () => Values): readonly [Values, Values] => [make(), make()];
    this.reached = ofBoth(() => new Float64Array(bins));
    this.best = ofBoth(() => new Float64Array(bins));
    this.origin = ofBoth(() => new Uint16Array(bins));
  }

  /**
   * The state of each frame.
   *
   * @param voiced frames × bins: the probability of each voiced bin.
   * @param unvoiced a frame's probability of each unvoiced bin.
   */
  decode(voiced: Float64Array, unvoiced: Float64Array): Uint16Array {
    const { bins } = this.options;
    const frames = unvoiced.length;
    const values = new Float64Array(2 * bins);
    const pointers = new Uint16Array(frames * 2 * bins);
    values.fill(-Math.log(2 * bins));
    for (let frame = 0; frame < frames; frame++) {
      if (frame > 0) this.advance(values, pointers.subarray(frame * 2 * bins, (frame + 1) * 2 * bins));
      const observed = voiced.subarray(frame * bins, (frame + 1) * bins);
      for (let bin = 0; bin < bins; bin++) {
        values[bin] += observed[bin] === 0 ? LOG_ZERO : Math.log(observed[bin]);
      }
      const log = unvoiced[frame] === 0 ? LOG_ZERO : Math.log(unvoiced[frame]);
      for (let bin = bins; bin < 2 * bins; bin++) values[bin] += log;
    }
    const states = new Uint16Array(frames);
    states[frames - 1] = indexOfGreatest(values);
    for (let frame = frames - 1; frame > 0; frame--) {
      states[frame - 1] = pointers[frame * 2 * bins + states[frame]];
    }
    return states;
  }

  /** Replaces what the states' paths have reached by the best that leads on to each, and notes where it comes from. */
  private advance(values: Float64Array, pointers: Uint16Array): void {
    const { bins } = this.options;
    const anywhere = indexOfGreatest(values);
    const fromAnywhere = values[anywhere] + LOG_ZERO;
    this.searchBand(values, 0);
    this.searchBand(values, 1);
    for (let state = 0; state < 2 * bins; state++) {
      const bin = state < bins ? state : state - bins;
      const isVoiced = state < bins;
      const fromVoiced = this.best[0][bin] + (isVoiced ? this.logStay : this.logSwitch);
      const fromUnvoiced = this.best[1][bin] + (isVoiced ? this.logSwitch : this.logStay);
      let value = fromVoiced;
      let pointer = this.origin[0][bin];
      if (fromUnvoiced > value) {
        value = fromUnvoiced;
        pointer = bins + this.origin[1][bin];
      }
      if (fromAnywhere > value) {
        value = fromAnywhere;
        pointer = anywhere;
      }
      values[state] = value;
      pointers[state] = pointer;
    }
  }

  /** For each bin, the best of voiced (0) or unvoiced (1) origins within the band. */
  private searchBand(values: Float64Array, voicing: 0 | 1): void {
    const { bins } = this.options;
    const reached = this.reached[voicing];
    for (let bin = 0; bin < bins; bin++) reached[bin] = values[voicing * bins + bin] - this.logSums[bin];
    this.searchBetween(voicing, 0, bins - 1, 0, bins - 1);
  }

  /**
   * Finds the best origin of the middle bin, then those of the bins on either side. The log of a triangle is concave,
   * so the best origin does not move down when the bin moves up: each half needs only the origins on its side.
   */
  private searchBetween(voicing: 0 | 1, low: number, high: number, lowest: number, highest: number): void {
    if (low > high) return;
    const { steps, down } = this;
    const reached = this.reached[voicing];
    const bin = (low + high) >> 1;
    // A step of index `step` leads from bin + down - step here.
    const start = bin + down;
    const first = Math.max(lowest, start - steps.length + 1);
    const last = Math.min(highest, start);
    let value = -Infinity;
    let found = first;
    for (let from = first; from <= last; from++) {
      const candidate = reached[from] + steps[start - from];
      if (candidate > value) {
        value = candidate;
        found = from;
      }
    }
    this.best[voicing][bin] = value;
    this.origin[voicing][bin] = found;
    this.searchBetween(voicing, low, bin - 1, lowest, found);
    this.searchBetween(voicing, bin + 1, high, found, highest);
  }
}

function indexOfGreatest(values: Float64Array): number {
  let greatest = 0;
  for (let index = 1; index < values.length; index++) if (values[index] > values[greatest]) greatest = index;
  return greatest;
}

/** `scipy.signal.windows.triang`. */
function triangularWindow(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, index) => {
    const place = Math.min(index, size - 1 - index) + 1;
    return size % 2 === 0 ? (2 * place - 1) / size : (2 * place) / (size + 1);
  });
}
