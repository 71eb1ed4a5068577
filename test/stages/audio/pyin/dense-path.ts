import type { PathOptions } from '../../../../stages/audio/pyin/pitch-path.ts';

interface DensePath {
  /** Log likelihood of the likeliest path. */
  readonly likelihood: number;
  likelihoodOf(states: readonly number[]): number;
}

/** Viterbi's algorithm over all transitions, written for plainness: what the fast one is compared with. */
export function likeliestPath(
  { bins, transitionWidth, switchProbability }: PathOptions,
  voiced: readonly number[],
  unvoiced: readonly number[],
): DensePath {
  const states = Array.from({ length: 2 * bins }, (_, state) => state);
  const log = (probability: number): number => Math.log(probability + 2 ** -1022);
  const weightOf = (from: number, to: number): number => {
    const evenShift = transitionWidth % 2 === 0 ? (bins % 2 === 0 ? -0.5 : 0.5) : 0;
    return Math.max(
      0,
      1 - Math.abs(to - from + evenShift) / (transitionWidth / 2 + (transitionWidth % 2) / 2),
    );
  };
  const step = states.slice(0, bins).map((from) => {
    const weights = states.slice(0, bins).map((to) => weightOf(from, to));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
  const transition = (from: number, to: number): number => {
    const stays = Math.floor(from / bins) === Math.floor(to / bins);
    return log((stays ? 1 - switchProbability : switchProbability) * step[from % bins][to % bins]);
  };
  const observed = (frame: number, state: number): number =>
    log(state < bins ? voiced[frame * bins + state] : unvoiced[frame]);
  const start = -Math.log(2 * bins);
  let reached = states.map((state) => start + observed(0, state));
  for (let frame = 1; frame < unvoiced.length; frame++) {
    const before = reached;
    reached = states.map(
      (to) => observed(frame, to) + Math.max(...states.map((from) => before[from] + transition(from, to))),
    );
  }
  return {
    likelihood: Math.max(...reached),
    likelihoodOf: (path) =>
      path.reduce(
        (sum, state, frame) =>
          sum + observed(frame, state) + (frame === 0 ? start : transition(path[frame - 1], state)),
        0,
      ),
  };
}
