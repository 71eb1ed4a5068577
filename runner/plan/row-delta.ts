import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../cache/durable.ts';
import type { Tree } from '../fingerprint/tree.ts';

/** How the rows that go into a stage differ from those of its last artifact. Names are files or ids of rows. */
export interface RowDelta {
  readonly noun: 'file' | 'row';
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** How many rows the stage will not compute again; undefined where all will be, since what it does has changed. */
  readonly reused: number | undefined;
}

/** `1 file added (c.wav), 2 files changed (a.wav, b.wav), 1438 rows reused`. */
export function deltaSentence({ noun, added, changed, removed, reused }: RowDelta): string {
  const parts = [
    countOf(noun, added, 'added'),
    countOf(noun, changed, 'changed'),
    countOf(noun, removed, 'removed'),
    ...(reused === undefined ? [] : [`${reused} ${reused === 1 ? 'row' : 'rows'} reused`]),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const named = 3;

function countOf(noun: string, names: readonly string[], verb: string): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, named).join(', ');
  const more = names.length > named ? ', …' : '';
  return `${names.length} ${noun}${names.length === 1 ? '' : 's'} ${verb} (${shown}${more})`;
}

/** What differs between two lists of names with digests. */
export function difference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Pick<RowDelta, 'added' | 'changed' | 'removed'> & { readonly same: number } {
  const added: string[] = [];
  const changed: string[] = [];
  for (const [name, digest] of after) {
    const known = before.get(name);
    if (known === undefined) added.push(name);
    else if (known !== digest) changed.push(name);
  }
  const removed = [...before.keys()].filter((name) => !after.has(name));
  return { added, changed, removed, same: after.size - added.length - changed.length };
}

/** Keeps which files a tree had, by its digest, so that a later run can name what has changed. */
export class TreeListings {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async save(tree: Tree): Promise<void> {
    const text = tree.files.map(({ digest, name }) => `${digest} ${name}\0`).join('');
    await writeDurably(join(this.#folder, tree.digest), text);
  }

  /** Every listing kept. */
  files(): { readonly digest: string; readonly path: string; readonly size: number }[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder).map((digest) => {
      const path = join(this.#folder, digest);
      return { digest, path, size: statSync(path).size };
    });
  }

  /** Digests by name; undefined for a tree that no run has kept. */
  read(digest: string): ReadonlyMap<string, string> | undefined {
    try {
      const lines = readFileSync(join(this.#folder, digest), 'utf8').split('\0').filter(Boolean);
      return new Map(lines.map((line) => [line.slice(65), line.slice(0, 64)]));
    } catch {
      return undefined;
    }
  }
}
