import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../../fingerprint/hash.ts';
import { changedSince } from '../../../fingerprint/tree.ts';
import type { Job } from '../../job.ts';
import { jobArtifact } from '../../run-stage.ts';
import type { ShardResult, ShardTask } from '../tasks.ts';
import { Segments } from '../segments.ts';
import { RowForwarder } from './forward-rows.ts';
import { inputDigests, rowsFrom } from './input-rows.ts';
import { placesOf } from './list-rows.ts';
import type { OpenStage, StageOpener } from './open-stage.ts';
import { RowPace } from './row-pace.ts';
import type { Scope } from './scope.ts';
import { type Site, threadsFor } from './site.ts';
import { StageFailed } from './stage-failed.ts';

/** Rows leave the stage's process in batches of so many. */
const rowsPerBatch = 8;
const notesMilliseconds = 60_000;

/** Computes the rows of a shard that no earlier attempt at it has finished. */
export async function computeRows(
  site: Site,
  opener: StageOpener,
  task: ShardTask,
  scope: Scope,
): Promise<ShardResult> {
  const { signal } = scope;
  const stage = await opener.open(task, signal);
  const digests = await inputDigests(site.workspace, rowsFrom(stage).entry);
  const list = task.list === undefined ? undefined : await placesOf(site, task.list, signal);
  const places = (list ?? digests.map((_digest, place) => place)).slice(task.from, task.to);
  const segments = new Segments(site.shared, stage.resolved.rowKey!);
  const part = sha256(places.map((place) => digests[place]).join()).slice(0, 32);
  const had = new Set<string>();
  for (const segment of await segments.list(signal, part)) {
    for (const { input } of (await segments.rows(segment, signal)) ?? []) had.add(input);
  }
  const wanted = places.filter((place) => !had.has(digests[place]));
  if (wanted.length === 0) return { rows: places.length, computed: 0 };
  const folder = join(site.workspace.state, 'tmp', `shard-${randomBytes(6).toString('hex')}`);
  try {
    return await compute(
      site,
      stage,
      { wanted, had: places.length - wanted.length, part, segments, folder },
      scope,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Shard {
  /** Places of the rows to be computed. */
  readonly wanted: readonly number[];
  /** Rows that earlier attempts have finished. */
  readonly had: number;
  readonly part: string;
  readonly segments: Segments;
  readonly folder: string;
}

async function compute(site: Site, stage: OpenStage, shard: Shard, scope: Scope): Promise<ShardResult> {
  const { wanted, had, part, segments, folder } = shard;
  const { workspace } = site;
  const { instance, trees } = stage.resolved;
  const job = jobOf(site, stage, shard);
  await mkdir(job.output, { recursive: true });
  await writeFile(job.rows.index, '');
  const pace = new RowPace();
  // Ends the process where its rows cannot be sent: computing on would be for nothing.
  const cannotSend = new AbortController();
  const running = workspace.executor.run(job, {
    cwd: workspace.folder,
    env: process.env,
    log: workspace.runs.logPath(site.run, instance.name),
    timeoutSeconds: instance.timeoutSeconds,
    signal: AbortSignal.any([scope.signal, cannotSend.signal]),
    followed: () => false,
    // What it loaded of files that have changed since would serve rows of another key.
    mayStay: () => trees.flatMap(changedSince).length === 0,
    onStart: () => scope.begins?.(),
    onMessage(message) {
      if (message.type !== 'progress') return;
      pace.note(message.done);
      if (pace.endsSoon(wanted.length)) scope.ending?.();
      scope.progress({ done: had + message.done, total: had + wanted.length, unit: 'rows' });
    },
  });
  const growing = { table: join(job.output, 'table.arrow'), index: job.rows.index, metadata: job.metadata };
  const forwarder = new RowForwarder(growing, segments, part, folder);
  try {
    await forwarder.follow(running);
  } catch (error) {
    cannotSend.abort();
    await running;
    throw error;
  }
  const { end, lastLines } = await running;
  const [changed] = trees.flatMap(changedSince);
  if (changed !== undefined) throw new Error(`${changed} changed while rows were computed`);
  await forwarder.finish();
  const notes = join(job.output, 'notes.json');
  if (existsSync(notes)) await segments.putNotes(notes, AbortSignal.timeout(notesMilliseconds));
  if (end.type === 'interrupted') throw new Error('it was interrupted');
  if (end.type === 'failed') throw new StageFailed(end.failures, lastLines);
  const { millisecondsPerRow } = pace;
  const rows = had + wanted.length;
  return { rows, computed: forwarder.sent, ...(millisecondsPerRow !== undefined && { millisecondsPerRow }) };
}

function jobOf(site: Site, stage: OpenStage, { wanted, folder }: Shard): Job {
  const { instance, loaded, key } = stage.resolved;
  const { input, stage: from, entry } = rowsFrom(stage);
  if (instance.uses.type !== 'kind') throw new Error(`${instance.name} is a command`);
  return {
    stage: instance.name,
    bundle: loaded!.bundle,
    params: instance.uses.params,
    inputs: { [input]: [jobArtifact(site.workspace, entry, from)] },
    threads: threadsFor(site, instance.resources.cpus),
    output: join(folder, 'out'),
    metadata: { stage: instance.name, key, kind: instance.uses.name },
    checkpoints: join(folder, 'checkpoints'),
    rows: {
      reusable: [],
      index: join(folder, 'index'),
      errors: instance.rowErrors,
      only: wanted,
      rowsPerBatch,
    },
  };
}
