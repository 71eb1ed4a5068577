import type { PitchCandidates } from './pitch-candidates.ts';

/** Voicing from which a frame counts as voiced by itself. */
const VOICED = 0.7;
const LOCAL = 2;
const AGAINST_THRESHOLD = 4;
const JUMP = 10;
const CHANGE_OF_SLOPE = 5;
const VOICING_CHANGES = 10;

export interface SmoothPitch {
  /** Of each frame in Hz, 0 where unvoiced. */
  readonly pitch: Float64Array;
  /** Frames from the beginning that no further frame could change: all paths go through them alike. */
  readonly settled: number;
}

/**
 * The pitch of each frame: the cheapest path through the candidates by Viterbi's algorithm.
 * A candidate costs the less the clearer it stands out and the nearer it is to common pitches, a step the less the
 * smaller it is, and a change of voicing costs the same always.
 *
 * The weights are those of eGeMAPS. The cost of a change of slope was found by comparing outputs with openSMILE's: it
 * takes the step before to have begun at the strongest candidate.
 */
export function smoothPitch(frames: readonly PitchCandidates[]): SmoothPitch {
  const pointers: Int32Array[] = [];
  let costs: number[] = [];
  frames.forEach((current, frame) => {
    const local = localCosts(current);
    const from = new Int32Array(local.length);
    pointers.push(from);
    if (frame > 0) {
      const before = frames[frame - 1];
      const logs = before.frequencies.map(Math.log);
      local.forEach((cost, state) => {
        let best = Infinity;
        for (let other = 0; other < costs.length; other++) {
          const total = costs[other] + stepCost(current.frequencies[state], logs, other);
          if (total < best) {
            best = total;
            from[state] = other;
          }
        }
        local[state] = cost + best;
      });
    }
    costs = local;
  });
  const pitch = new Float64Array(frames.length);
  let state = costs.indexOf(Math.min(...costs));
  for (let frame = frames.length - 1; frame >= 0; frame--) {
    // The state after the candidates is that of no voice.
    pitch[frame] = frames[frame].frequencies.at(state) ?? 0;
    state = pointers[frame][state];
  }
  return { pitch, settled: settledFrames(pointers) };
}

function settledFrames(pointers: readonly Int32Array[]): number {
  let states = new Set(pointers[pointers.length - 1].keys());
  let frames = pointers.length;
  while (frames > 0 && states.size > 1) {
    frames--;
    const from = pointers[frames];
    states = new Set([...states].map((state) => from[state]));
  }
  return frames;
}

/** Of each candidate, and last of no voice. */
function localCosts({ frequencies, voicing }: PitchCandidates): number[] {
  const costs = frequencies.map((frequency, index) => {
    const threshold = voicing[index] >= VOICED ? 0 : AGAINST_THRESHOLD;
    return LOCAL * (threshold - Math.log(Math.max(voicing[index], 1e-9)) + unusual(frequency));
  });
  costs.push(voicing.length > 0 && voicing[0] >= VOICED ? LOCAL * AGAINST_THRESHOLD : 0);
  return costs;
}

/** 0 from 100 to 350 Hz, more the farther a pitch lies from there. */
function unusual(frequency: number): number {
  if (frequency >= 600) return 0.6;
  if (frequency > 350) return (frequency - 350) * 0.002;
  return frequency < 100 ? (100 - frequency) / 200 : 0;
}

function stepCost(frequency: number | undefined, before: readonly number[], other: number): number {
  const isVoiced = frequency !== undefined;
  const wasVoiced = other < before.length;
  if (isVoiced !== wasVoiced) return VOICING_CHANGES;
  if (!isVoiced) return 0;
  const step = Math.log(frequency) - before[other];
  return JUMP * Math.abs(step) + CHANGE_OF_SLOPE * Math.abs(step - (before[other] - before[0]));
}
