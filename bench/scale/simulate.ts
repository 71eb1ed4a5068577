import { probe, rangesAfterProbe } from '../../runner/execute/distributed/shards.ts';
import type { Figures } from './measure.ts';

export interface Simulated {
  readonly shards: number;
  readonly seconds: number;
  /** The part of the workers' time in which they compute rows. */
  readonly efficiency: number;
  /** What most of the rest goes to. */
  readonly bottleneck: string;
}

const settings = { seconds: 30, atMost: 1000 };

/** A row stage of so many rows on so many workers, divided as the workflow divides it. */
export function simulate(workers: number, rows: number, figures: Figures): Simulated {
  const perRow = figures.millisecondsPerRow / 1000;
  const listed = figures.fixedSeconds / 2 + rows * figures.listSecondsPerRow;
  const first = probe(rows, settings);
  const { setUpSeconds, loadSeconds } = figures;
  const probed = first === undefined ? 0 : loadSeconds + setUpSeconds + first.to * perRow;
  const ranges = rangesAfterProbe(rows, first?.to ?? 0, figures.millisecondsPerRow, settings);
  // Each worker takes the next shard as soon as it is free.
  const free = Array.from({ length: workers }, () => 0);
  for (const { from, to } of ranges) {
    const earliest = free.indexOf(Math.min(...free));
    const loads = free[earliest] === 0 && !(earliest === 0 && first !== undefined);
    free[earliest] += (loads ? loadSeconds : 0) + setUpSeconds + (to - from) * perRow;
  }
  const computed = Math.max(...free);
  const merged = figures.fixedSeconds / 2 + rows * figures.mergeSecondsPerRow;
  const seconds = listed + probed + computed + merged;
  // Workers' seconds that compute nothing.
  const lost = {
    'listing the rows, which one worker does': listed * (workers - 1) + listed,
    'the first shard, for which the others wait': probed * (workers - 1) + setUpSeconds + loadSeconds,
    'the set-up of each shard': ranges.length * setUpSeconds,
    'loading the model on each worker': Math.min(workers, ranges.length) * loadSeconds,
    'waiting for the last shards': free.reduce((sum, end) => sum + computed - end, 0),
    'putting the table together, which one worker does': merged * workers,
  };
  const [bottleneck] = Object.entries(lost).reduce((most, each) => (each[1] > most[1] ? each : most));
  const shards = ranges.length + (first === undefined ? 0 : 1);
  return { shards, seconds, efficiency: (rows * perRow) / (workers * seconds), bottleneck };
}
