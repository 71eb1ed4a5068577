import { chmod, mkdir, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StageFailure } from '../kind/index.ts';
import { printableName } from '../printable.ts';
import type { OutLedger } from './ledger.ts';
import { obstacleTo, type Standing, standingAt } from './standing.ts';

/** What stands at outs, or in their way. */
export function* standingAtAll(workspace: string, outs: readonly string[]): Generator<Standing> {
  const seen = new Set<string>();
  for (const out of outs) {
    const obstacle = obstacleTo(workspace, out);
    if (obstacle === undefined) yield* standingAt(workspace, out);
    else if (!seen.has(obstacle.name)) {
      seen.add(obstacle.name);
      yield obstacle;
    }
  }
}

/**
 * Removes the outs of a stage before its command runs, so that one it forgets to write is noticed. Of a link, the link
 * goes and never what it leads to. Throws a StageFailure, and removes nothing, where something is not the stage's own.
 */
export async function clearOuts(ledger: OutLedger, outs: readonly string[]): Promise<void> {
  const standing = [...standingAtAll(ledger.workspace, outs)];
  const foreign: string[] = [];
  for (const one of standing) if (!(await ledger.owns(one))) foreign.push(one.name);
  if (foreign.length > 0) throw foreignFailure(foreign);
  await removeStanding(ledger, standing);
  for (const out of outs) await mkdir(dirname(join(ledger.workspace, out)), { recursive: true });
}

/** A run looks before anything runs; this came later. */
export function foreignFailure(names: readonly string[]): StageFailure {
  const hint = 'Move it away, and run again.';
  return new StageFailure(`${few(names)} stands where its outs do, and was not made by it`, { hint });
}

/** Removes what was found, what lies in a folder before the folder; one in which something else lies stays. */
export async function removeStanding(ledger: OutLedger, standing: readonly Standing[]): Promise<void> {
  for (const { path, type, mode } of standing) {
    if (type === 'folder' && (mode & 0o700) !== 0o700) await chmod(path, (mode & 0o777) | 0o700);
  }
  for (const { name, path, type } of standing.toReversed()) {
    if (type !== 'folder') {
      await unlink(path);
      ledger.forget(name);
      continue;
    }
    await rmdir(path).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
  }
}

const named = 3;

/** `a, b, c and 4 more`. */
export function few(names: readonly string[]): string {
  const shown = names.slice(0, named).map(printableName).join(', ');
  return names.length > named ? `${shown} and ${names.length - named} more` : shown;
}
