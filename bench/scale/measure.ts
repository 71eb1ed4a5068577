import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Running } from '../../test/support/running.ts';
import type { Project } from '../../test/support/rig.ts';
import { devServer } from '../../test/support/temporal.ts';
import { startWorker, stopWorker } from '../../test/support/temporal-project.ts';
import { type Load, madeUp, millisecondsWanted } from './loads.ts';

/** What the simulation takes. */
export interface Figures {
  readonly millisecondsPerRow: number;
  /** From a shard's beginning to its first row, and from its last row to its end. */
  readonly setUpSeconds: number;
  /** Once a worker, before its first shard: to start a process and load a model. */
  readonly loadSeconds: number;
  readonly listSecondsPerRow: number;
  readonly mergeSecondsPerRow: number;
  /** Of a row stage, whatever its rows: the client's and Temporal's part. */
  readonly fixedSeconds: number;
}

/** The rows of a load: one local thread, one worker and two, each with so many shards; then many cheap rows. */
export async function measure(load: Load, shards: number, cheapRows: number): Promise<Figures> {
  const kind = devServer();
  if (kind.reason !== null) throw new Error(kind.reason);
  const folder = await mkdtemp(join(tmpdir(), 'scale-temporal-'));
  const server = await kind.start(folder);
  try {
    const { rows } = load;
    const shardRows = Math.ceil(rows / shards);
    const local = await locally(load);
    const one = await onWorkers(1, load, shardRows, server.address);
    const two = await onWorkers(2, load, shardRows, server.address);
    const perRow = local / rows;
    console.log(`${load.name}: ${rows} rows of ${(perRow * 1000).toFixed(0)} ms, in shards of ${shardRows}`);
    console.log(`one local thread   ${local.toFixed(1)} s`);
    console.log(`one worker         ${inParts(one)}`);
    console.log(`two workers        ${inParts(two)}`);
    console.log(`two workers against one      ${(one.seconds / two.seconds).toFixed(2)} × (wanted: 1.70)`);
    const overhead = (one.seconds / local - 1) * 100;
    console.log(
      `overhead, shards of ${(shardRows * perRow).toFixed(0)} s    ${overhead.toFixed(1)} % (wanted: below 5)`,
    );
    const cheap = await onWorkers(1, madeUp(cheapRows, {}), Math.ceil(cheapRows / 8), server.address);
    console.log(
      `of ${cheapRows} cheap rows: list ${cheap.list.toFixed(2)} s, put together ${cheap.merge.toFixed(2)} s`,
    );
    // Both load once.
    const setUpSeconds = Math.max(0, (one.shards - local) / shards);
    console.log(
      `set-up of a shard  ${setUpSeconds.toFixed(2)} s, of a worker's first ${one.load.toFixed(2)} s more`,
    );
    return {
      millisecondsPerRow: perRow * 1000,
      setUpSeconds,
      loadSeconds: one.load,
      // Two sizes tell what a row costs and what there is beside the rows.
      listSecondsPerRow: slope(rows, one.list, cheapRows, cheap.list),
      mergeSecondsPerRow: slope(rows, one.merge, cheapRows, cheap.merge),
      fixedSeconds: Math.max(0, one.seconds - one.shards),
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A load whose rows take some 250 ms of computing on this machine now. */
export async function computing(rows: number): Promise<Load> {
  const work = 200;
  const few = madeUp(32, { work });
  const perUnit = (await locally(few)) / few.rows / work;
  return madeUp(rows, { work: Math.max(1, Math.round(millisecondsWanted / 1000 / perUnit)) });
}

function inParts({ seconds, shards, list, merge }: OnWorkers): string {
  const parts = `shards ${shards.toFixed(1)} s, list ${list.toFixed(1)} s, put together ${merge.toFixed(1)} s`;
  return `${seconds.toFixed(1)} s (${parts})`;
}

function slope(fewer: number, less: number, more: number, most: number): number {
  return Math.max(0, (most - less) / (more - fewer));
}

/** Seconds of the load's stage on one thread of this machine. */
async function locally(load: Load): Promise<number> {
  const project = await load.project();
  await project.run('--until', load.before);
  const seconds = await stageSeconds(project, []);
  await project.remove();
  return seconds;
}

/** Seconds that the stage `encode` took, as the run tells. */
async function stageSeconds(project: Project, args: readonly string[]): Promise<number> {
  const { events, stderr } = await project.run(...args);
  const finished = events.find((event) => event.type === 'stage-finished' && event.stage === 'encode');
  if (finished?.type !== 'stage-finished') throw new Error(`the run failed: ${stderr}`);
  return finished.wallMs / 1000;
}

interface OnWorkers {
  readonly seconds: number;
  /** Seconds of all shards together, of listing, and of putting together, as the workers tell. */
  readonly shards: number;
  readonly list: number;
  readonly merge: number;
  /** Seconds that the first shard of a worker took longer than the mean of the others. */
  readonly load: number;
}

async function onWorkers(count: number, load: Load, shardRows: number, address: string): Promise<OnWorkers> {
  const project = await load.project();
  const temporal = ['--address', address, '--cache', project.path('shared')];
  const workers: Running[] = [];
  for (let at = 0; at < count; at += 1) workers.push(await startWorker(project, temporal));
  // Cached, so that the workers alone are at work while it is measured.
  await project.run('--until', load.before, '--cache', project.path('shared'));
  const args = ['--executor', 'temporal', '--shard-rows', String(shardRows), ...temporal];
  const seconds = await stageSeconds(project, args);
  for (const worker of workers) await stopWorker(worker);
  const told = workers.map((worker) => worker.printed()).join('');
  await project.remove();
  const [first, ...others] = eachIn(workers[0].printed(), ofShard);
  const mean = others.length === 0 ? first : sum(others) / others.length;
  return {
    seconds,
    shards: secondsIn(told, ofShard),
    load: Math.max(0, first - mean),
    list: secondsIn(told, /encode: rows to compute: done in ([\d.]+) s/g),
    merge: secondsIn(told, /encode: done in ([\d.]+) s/g),
  };
}

const ofShard = /encode: rows \d+ to \d+ .*: done in ([\d.]+) s/g;

function secondsIn(text: string, pattern: RegExp): number {
  return sum(eachIn(text, pattern));
}

function eachIn(text: string, pattern: RegExp): number[] {
  return Array.from(text.matchAll(pattern), ([, seconds]) => Number(seconds));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
