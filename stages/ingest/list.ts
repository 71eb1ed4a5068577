import {
  StageFailure,
  type SourceFile,
  type SourceListing,
  type SourceRow,
} from '../../runner/kind/index.ts';
import type { Naming } from './names/naming.ts';
import { nothingNamed } from './nothing-named.ts';

/**
 * Which files are recordings of a corpus, by their names. The others are excluded by name with the reason. A corpus is
 * often handed on with each file twice, in two folders: of equal files the one in the fewest folders is kept.
 *
 * @throws StageFailure where no file is usable, and where two files of one name differ.
 */
export function listNamed(files: readonly SourceFile[], naming: Naming, root: string): SourceListing {
  const excluded: { name: string; reason: string }[] = [];
  const kept = new Map<string, SourceRow>();
  for (const file of [...files].sort(byDepthThenName)) {
    const parsed = naming.parse(file.name);
    if ('reason' in parsed) {
      excluded.push({ name: file.name, reason: parsed.reason });
      continue;
    }
    const twin = kept.get(parsed.recording)?.file;
    if (twin === undefined) {
      kept.set(parsed.recording, { id: file.name, file, attributes: { ...parsed.labels } });
    } else if (twin.digest === file.digest) {
      excluded.push({ name: file.name, reason: `the same as ${twin.name}` });
    } else throw conflict(twin, file, root);
  }
  if (kept.size === 0) throw nothingNamed(naming, root, files, excluded);
  const rows = [...kept.values()].sort((a, b) => compareText(a.id, b.id));
  return {
    rows,
    excluded: excluded.sort((a, b) => compareText(a.name, b.name)),
    warnings: sharedContents(rows),
  };
}

/** By code unit: the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Files of different names and equal contents: mostly a mistaken copy, with another label. */
export function sharedContents(rows: readonly SourceRow[]): string[] {
  const first = new Map<string, string>();
  const warnings: string[] = [];
  for (const { id, file } of rows) {
    const other = first.get(file.digest);
    if (other === undefined) first.set(file.digest, id);
    else warnings.push(`${id} has the same content as ${other}, under another name`);
  }
  return warnings;
}

function byDepthThenName(a: SourceFile, b: SourceFile): number {
  return a.name.split('/').length - b.name.split('/').length || compareText(a.name, b.name);
}

function conflict(one: SourceFile, other: SourceFile, root: string): StageFailure {
  return new StageFailure(`${one.name} and ${other.name} have one name and different contents`, {
    place: root,
    hint: 'keep the right one and take the other out of the folder',
  });
}
