import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CacheEntry, storedFiles } from '../cache/entry.ts';
import { listFiles } from '../cache/local.ts';
import { lockHolder, tryLock } from '../execute/lock.ts';
import { lockedKeys } from '../record/lockfile.ts';
import type { RunRecord } from '../record/runs.ts';
import type { Workspace } from '../workspace.ts';

/** Which runs keep what they used. A run must be within every limit given. */
export interface GcLimits {
  readonly keepRuns: number;
  readonly olderThanMs: number | undefined;
  /** Bytes that the kept runs may use together, the newest first. */
  readonly maxBytes: number | undefined;
  readonly now: number;
}

export interface GcPlan {
  readonly runs: readonly RunRecord[];
  readonly entries: readonly CacheEntry[];
  /** Keys of entries that are not whole: they keep nothing, and nothing can be made of them. */
  readonly damaged: readonly string[];
  /** Absolute paths of files and folders, with their sizes. */
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** The same of what workers keep that have ended. */
  readonly workers: readonly { readonly path: string; readonly size: number }[];
  readonly bytes: number;
  readonly keptBytes: number;
}

/**
 * What no run within the limits needs. Always kept: what the newest run used and what the lockfiles name. The caller
 * holds the workspace's lock, so that no run is at work on any of it.
 */
export async function planGc(workspace: Workspace, limits: GcLimits): Promise<GcPlan> {
  const entries = new Map<string, CacheEntry>();
  for await (const entry of workspace.cache.entries()) entries.set(entry.key, entry);
  const runs = workspace.runs.list();
  const kept = keptRuns(runs, entries, limits);
  const needed = new Set(lockedKeys(workspace.folder));
  for (const run of kept) for (const key of keysOf(run)) needed.add(key);

  const dropped = [...entries.values()].filter(({ key }) => !needed.has(key));
  const keptEntries = [...entries.values()].filter(({ key }) => needed.has(key));
  const referenced = new Set(keptEntries.flatMap((entry) => storedFiles(entry).map(({ sha256 }) => sha256)));
  const files: { path: string; size: number }[] = [];
  let keptBytes = 0;
  const objects = join(workspace.state, 'objects');
  for (const name of existsSync(objects) ? await listFiles(objects) : []) {
    const path = join(objects, name);
    const { size } = statSync(path);
    if (referenced.has(name.slice(name.indexOf('/') + 1))) keptBytes += size;
    else files.push({ path, size });
  }
  files.push(...(await leftovers(workspace, keptEntries)), ...unusedListings(workspace, keptEntries));
  const workers = await workersThatEnded(workspace);
  const keptIds = new Set(kept.map(({ id }) => id));
  return {
    runs: runs.filter(({ id }) => !keptIds.has(id)),
    entries: dropped,
    damaged: await workspace.cache.damagedEntries(),
    files,
    workers,
    bytes: [...files, ...workers].reduce((sum, { size }) => sum + size, 0),
    keptBytes,
  };
}

/** Entries go first: a run that is killed in between must never believe an entry whose files are gone. */
export async function collect(workspace: Workspace, plan: GcPlan): Promise<void> {
  for (const { key, rows } of plan.entries) {
    await workspace.cache.forget(key);
    if (rows !== undefined)
      await rm(join(workspace.state, 'rows', rows.rowKey, 'keys', key), { force: true });
  }
  for (const key of plan.damaged) await workspace.cache.forget(key);
  for (const { path } of plan.files) await rm(path, { recursive: true, force: true });
  for (const { path } of plan.workers) await removeWorker(workspace, path);
  for (const { id } of plan.runs) await rm(join(workspace.runs.folder, id), { recursive: true, force: true });
}

function keptRuns(
  runs: readonly RunRecord[],
  entries: ReadonlyMap<string, CacheEntry>,
  { keepRuns, olderThanMs, maxBytes, now }: GcLimits,
): RunRecord[] {
  const kept: RunRecord[] = [];
  const counted = new Set<string>();
  let bytes = 0;
  for (const run of runs) {
    for (const file of keysOf(run).flatMap((key) => entries.get(key)?.manifest.files ?? [])) {
      if (!counted.has(file.sha256)) bytes += file.size;
      counted.add(file.sha256);
    }
    const tooMany = kept.length >= keepRuns;
    const tooOld = olderThanMs !== undefined && now - Date.parse(run.started) > olderThanMs;
    const tooLarge = maxBytes !== undefined && bytes > maxBytes;
    if (kept.length > 0 && (tooMany || tooOld || tooLarge)) break;
    kept.push(run);
  }
  return kept;
}

function keysOf(run: RunRecord): string[] {
  return Object.values(run.stages).flatMap(({ key }) => key ?? []);
}

/** Listings of files outside the pipeline that no kept entry was made from. */
function unusedListings(workspace: Workspace, kept: readonly CacheEntry[]): { path: string; size: number }[] {
  const used = new Set(kept.flatMap(({ fingerprint }) => Object.values(fingerprint)));
  return workspace.trees.files().filter(({ digest }) => !used.has(digest));
}

/** What killed runs left: temporary folders, checkpoints, and rows of row keys that no kept entry has. */
async function leftovers(
  workspace: Workspace,
  kept: readonly CacheEntry[],
): Promise<{ path: string; size: number }[]> {
  const rowKeys = new Set(kept.flatMap(({ rows }) => rows?.rowKey ?? []));
  const folders: string[] = [];
  for (const name of ['tmp', 'checkpoints']) {
    const folder = join(workspace.state, name);
    if (existsSync(folder)) folders.push(...(await readdir(folder)).map((inside) => join(folder, inside)));
  }
  const rows = join(workspace.state, 'rows');
  if (existsSync(rows)) {
    folders.push(...(await readdir(rows)).filter((key) => !rowKeys.has(key)).map((key) => join(rows, key)));
  }
  return Promise.all(folders.map(sized));
}

/** A worker brings what it needs anew: the shared cache has all that it made. */
async function workersThatEnded({ state }: Workspace): Promise<{ path: string; size: number }[]> {
  const folder = join(state, 'workers');
  if (!existsSync(folder)) return [];
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  return Promise.all(paths.filter((path) => lockHolder(join(path, 'lock')) === undefined).map(sized));
}

/** Under the worker's own lock, so that none begins in what is about to go. */
async function removeWorker({ state }: Workspace, path: string): Promise<void> {
  const since = new Date().toISOString();
  const lock = await tryLock(join(path, 'lock'), { run: `gc-${process.pid}`, command: 'gc', since });
  if (lock === undefined) return;
  const aside = join(state, 'tmp', `gc-${process.pid}`);
  await mkdir(dirname(aside), { recursive: true });
  await rename(path, aside);
  lock.release();
  await rm(aside, { recursive: true, force: true });
}

async function sized(path: string): Promise<{ path: string; size: number }> {
  let size = 0;
  for (const file of await listFiles(path)) size += statSync(join(path, file)).size;
  return { path, size };
}
