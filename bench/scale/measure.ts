import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Running } from '../../test/support/divided-project.ts';
import { kinds, Project } from '../../test/support/rig.ts';
import { devServer } from '../../test/support/temporal.ts';
import { startWorker, stopWorker } from '../../test/support/temporal-project.ts';
import { encodeKind } from './encode-kind.ts';

/** What the simulation takes. */
export interface Figures {
  readonly millisecondsPerRow: number;
  /** From a shard's beginning to its first row, and from its last row to its end. */
  readonly setUpSeconds: number;
  readonly listSecondsPerRow: number;
  readonly mergeSecondsPerRow: number;
  /** Of a row stage, whatever its rows: the client's and Temporal's part. */
  readonly fixedSeconds: number;
}

const millisecondsPerRow = 250;

/** What a row does: millions of multiplications, or milliseconds of waiting. */
interface Work {
  readonly work?: number;
  readonly wait?: number;
}

/** Encoder-like rows: one local thread, one worker and two, each with shards of 30 s; then many cheap rows. */
export async function measure(rows: number, cheapRows: number, waits: boolean): Promise<Figures> {
  const kind = devServer();
  if (kind.reason !== null) throw new Error(kind.reason);
  const folder = await mkdtemp(join(tmpdir(), 'scale-temporal-'));
  const server = await kind.start(folder);
  try {
    const work: Work = waits ? { wait: millisecondsPerRow } : { work: await calibrated() };
    const shardRows = Math.round(rows / 2);
    const local = await stageSeconds(rows, work, []);
    const one = await onWorkers(1, rows, work, shardRows, server.address);
    const two = await onWorkers(2, rows, work, shardRows, server.address);
    const perRow = local / rows;
    console.log(
      `${waits ? 'waiting' : 'encoder-like'} rows: ${rows} of ${(perRow * 1000).toFixed(0)} ms, in shards of ${shardRows}`,
    );
    console.log(`one local thread   ${local.toFixed(1)} s`);
    console.log(`one worker         ${inParts(one)}`);
    console.log(`two workers        ${inParts(two)}`);
    console.log(`two workers against one      ${(one.seconds / two.seconds).toFixed(2)} × (wanted: 1.70)`);
    const overhead = (one.seconds / local - 1) * 100;
    console.log(
      `overhead, shards of ${(shardRows * perRow).toFixed(0)} s    ${overhead.toFixed(1)} % (wanted: below 5)`,
    );
    const cheap = await onWorkers(1, cheapRows, {}, Math.ceil(cheapRows / 8), server.address);
    console.log(
      `of ${cheapRows} cheap rows: list ${cheap.list.toFixed(2)} s, put together ${cheap.merge.toFixed(2)} s`,
    );
    const setUpSeconds = Math.max(0, (one.shards - local) / 2);
    console.log(`set-up of a shard  ${setUpSeconds.toFixed(2)} s`);
    return {
      millisecondsPerRow: perRow * 1000,
      setUpSeconds,
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

function inParts({ seconds, shards, list, merge }: OnWorkers): string {
  const parts = `shards ${shards.toFixed(1)} s, list ${list.toFixed(1)} s, put together ${merge.toFixed(1)} s`;
  return `${seconds.toFixed(1)} s (${parts})`;
}

function slope(fewer: number, less: number, more: number, most: number): number {
  return Math.max(0, (most - less) / (more - fewer));
}

async function projectOf(rows: number, work: Work): Promise<Project> {
  const project = await Project.create({
    'pipeline.yaml': `stages:
  words: {uses: words}
  encode: {uses: encode, in: {words: words}, with: ${JSON.stringify(work)}}
`,
    ...kinds.words,
    ...encodeKind,
  });
  for (let at = 0; at < rows; at += 1) await project.write(`data/${at}.txt`, `word ${at}`);
  await mkdir(project.path('shared'));
  return project;
}

/** Millions of steps that take `millisecondsPerRow` on this machine now. */
async function calibrated(): Promise<number> {
  const [work, rows] = [200, 32];
  const seconds = await stageSeconds(rows, { work }, []);
  return Math.max(1, Math.round((work * millisecondsPerRow) / 1000 / (seconds / rows)));
}

/** Seconds that the stage took, as the run tells. */
async function stageSeconds(
  rows: number,
  work: Work,
  args: readonly string[],
  project?: Project,
): Promise<number> {
  const own = project ?? (await projectOf(rows, work));
  const { events, stderr } = await own.run(...args);
  const finished = events.find((event) => event.type === 'stage-finished' && event.stage === 'encode');
  if (finished?.type !== 'stage-finished') throw new Error(`the run failed: ${stderr}`);
  if (project === undefined) await own.remove();
  return finished.wallMs / 1000;
}

interface OnWorkers {
  readonly seconds: number;
  /** Seconds of all shards together, of listing, and of putting together, as the workers tell. */
  readonly shards: number;
  readonly list: number;
  readonly merge: number;
}

async function onWorkers(
  count: number,
  rows: number,
  work: Work,
  shardRows: number,
  address: string,
): Promise<OnWorkers> {
  const project = await projectOf(rows, work);
  const temporal = ['--address', address, '--cache', project.path('shared')];
  const workers: Running[] = [];
  for (let at = 0; at < count; at += 1) workers.push(await startWorker(project, temporal));
  // Cached, so that the workers alone are at work while it is measured.
  await project.run('--until', 'words', '--cache', project.path('shared'));
  const args = ['--executor', 'temporal', '--shard-rows', String(shardRows), ...temporal];
  const seconds = await stageSeconds(rows, work, args, project);
  for (const worker of workers) await stopWorker(worker);
  const told = workers.map((worker) => worker.printed()).join('');
  await project.remove();
  return {
    seconds,
    shards: secondsIn(told, /encode: rows \d+ to \d+ .*: done in ([\d.]+) s/g),
    list: secondsIn(told, /encode: rows to compute: done in ([\d.]+) s/g),
    merge: secondsIn(told, /encode: done in ([\d.]+) s/g),
  };
}

function secondsIn(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}
