import {
  StageFailure,
  type SourceFile,
  type SourceListing,
  type SourceRow,
} from '../../runner/kind/index.ts';
import { DistinctLabels } from './names/distinct-labels.ts';
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
  const distinct = new DistinctLabels();
  for (const file of byDepthThenName(files)) {
    const parsed = naming.parse(file.name);
    if ('reason' in parsed) {
      excluded.push({ name: file.name, reason: parsed.reason });
      continue;
    }
    const twin = kept.get(parsed.recording)?.file;
    if (twin === undefined) {
      kept.set(parsed.recording, { id: file.name, file, attributes: distinct.of(parsed.labels) });
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
  // By the beginning of the digest, which takes a third of what all of it does.
  const first = new Map<string, number>();
  const warnings: string[] = [];
  for (const [at, { id, file }] of rows.entries()) {
    const { digest } = file;
    let key = digest.slice(0, 12);
    let other = first.get(key);
    while (other !== undefined && rows[other].file.digest !== digest) other = first.get((key += '+'));
    if (other === undefined) first.set(key, at);
    else warnings.push(`${id} has the same content as ${rows[other].id}, under another name`);
  }
  return warnings;
}

function byDepthThenName(files: readonly SourceFile[]): SourceFile[] {
  return files
    .map((file) => ({ file, depth: file.name.split('/').length }))
    .sort((a, b) => a.depth - b.depth || compareText(a.file.name, b.file.name))
    .map(({ file }) => file);
}

function conflict(one: SourceFile, other: SourceFile, root: string): StageFailure {
  return new StageFailure(`${one.name} and ${other.name} have one name and different contents`, {
    place: root,
    hint: 'keep the right one and take the other out of the folder',
  });
}
