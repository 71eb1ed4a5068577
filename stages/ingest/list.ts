import path from 'node:path';
import {
  StageFailure,
  type SourceFile,
  type SourceListing,
  type SourceRow,
} from '../../runner/kind/index.ts';
import { parseRavdessName } from './ravdess.ts';

/**
 * Which files are speech recordings of the corpus. The others are excluded by name with the reason. The corpus is
 * often handed on with each file twice, in two folders: of equal files the one in the fewest folders is kept.
 *
 * @throws StageFailure where no file is usable, and where two files of one name differ.
 */
export function listRavdess(files: readonly SourceFile[], root: string): SourceListing {
  const excluded: { name: string; reason: string }[] = [];
  const kept = new Map<string, SourceFile>();
  for (const file of [...files].sort(byDepthThenName)) {
    const base = path.posix.basename(file.name);
    const parsed = parseRavdessName(base);
    if ('reason' in parsed) {
      excluded.push({ name: file.name, reason: parsed.reason });
      continue;
    }
    const twin = kept.get(base.toLowerCase());
    if (twin === undefined) kept.set(base.toLowerCase(), file);
    else if (twin.digest === file.digest)
      excluded.push({ name: file.name, reason: `the same as ${twin.name}` });
    else throw conflict(twin, file, root);
  }
  if (kept.size === 0) throw nothingUsable(root, files.length, excluded);
  const rows = [...kept.values()].sort(byName).map((file): SourceRow => ({ id: file.name, file }));
  return { rows, excluded: excluded.sort(byName), warnings: sharedContents(rows) };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function byDepthThenName(a: SourceFile, b: SourceFile): number {
  return a.name.split('/').length - b.name.split('/').length || byName(a, b);
}

/** Files of different names and equal contents: a corpus has no such files, but a mistaken copy makes them. */
function sharedContents(rows: readonly SourceRow[]): string[] {
  const first = new Map<string, string>();
  const warnings: string[] = [];
  for (const { id, file } of rows) {
    const other = first.get(file.digest);
    if (other === undefined) first.set(file.digest, id);
    else warnings.push(`${id} has the same content as ${other}, with another label in its name`);
  }
  return warnings;
}

function conflict(one: SourceFile, other: SourceFile, root: string): StageFailure {
  return new StageFailure(`${one.name} and ${other.name} have one name and different contents`, {
    place: root,
    hint: 'keep the right one and take the other out of the folder',
  });
}

function nothingUsable(
  root: string,
  found: number,
  excluded: readonly { readonly name: string; readonly reason: string }[],
): StageFailure {
  const first = excluded[0] as { name: string; reason: string } | undefined;
  const what =
    first === undefined
      ? 'no files there, or no such folder'
      : `none of the ${found} files there is a RAVDESS speech recording (${first.name}: ${first.reason})`;
  return new StageFailure(what, {
    place: root,
    hint: 'fetch the corpus with `./pipeline data ravdess`, name its folder with `--set ingest.root=DIR`, or make a small one with `--profile demo`',
  });
}
