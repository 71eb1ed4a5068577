import { existsSync, readFileSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../workspace.ts';
import type { ReusableRows } from './job.ts';

/** Looked through from the newest, and only until every row is found; a row older than so many tables is made anew. */
const reusableTables = 32;

/** The file of an attempt that holds the stamps of what its row function reads. */
export const filesOfAttempt = 'files-read';

/** The segments given, earlier tables of a row key, then what killed attempts left. */
export async function reusableRows(
  workspace: Workspace,
  { run, segments = [] }: { readonly run: string; readonly segments?: readonly ReusableRows[] },
  rowKey: string,
  {
    wanted,
    files,
  }: {
    /** Digests of the input rows, where they are known. */
    readonly wanted: (() => Iterable<string>) | undefined;
    /** The stamps of what the row function reads now. */
    readonly files: string;
  },
): Promise<ReusableRows[]> {
  const { cache } = workspace;
  const sources: ReusableRows[] = [...segments];
  for (const entry of (await cache.withRowKey(rowKey, wanted)).slice(0, reusableTables)) {
    // Earlier tables are here; that they are of use for their rows is no reason to share them.
    const lookup = await cache.peek(entry.key);
    if (lookup.type !== 'hit' || lookup.from !== undefined) continue;
    const pathOf = (name: string): string | undefined => {
      const file = entry.manifest.files.find((candidate) => candidate.name === name);
      return file === undefined ? undefined : cache.path(file.sha256);
    };
    const notes = pathOf('notes.json');
    sources.push({
      table: pathOf('table.arrow')!,
      index: cache.path(entry.rows!.index),
      partial: false,
      ...(notes !== undefined && { notes }),
    });
  }
  const partials = await abandoned(workspace, run, rowKey);
  const rowsIn = (folder: string): number =>
    statSync(join(folder, 'index'), { throwIfNoEntry: false })?.size ?? 0;
  for (const folder of partials.sort((a, b) => rowsIn(b) - rowsIn(a))) {
    const table = join(folder, 'out', 'table.arrow');
    const index = join(folder, 'index');
    const notes = join(folder, 'out', 'notes.json');
    if (!existsSync(table) || !existsSync(index)) continue;
    // Its rows may have been made from a file that was changed meanwhile.
    if (textOf(join(folder, filesOfAttempt)) !== files) continue;
    sources.push({ table, index, partial: true, ...(existsSync(notes) && { notes }) });
  }
  return sources;
}

/** Attempts that nobody is at work on: those of earlier runs, since a workspace has one run at a time, and failed ones. */
async function abandoned(workspace: Workspace, run: string, rowKey: string): Promise<string[]> {
  const folder = join(workspace.state, 'rows', rowKey, 'partial');
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  return names.filter((name) => !name.startsWith(run)).map((name) => join(folder, name));
}

/** Ends all attempts at a row key once there is a table of it. */
export async function removePartials(
  workspace: Workspace,
  run: string,
  rowKey: string,
  own: string,
): Promise<void> {
  for (const folder of [own, ...(await abandoned(workspace, run, rowKey))]) {
    await rm(folder, { recursive: true, force: true });
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
