import { lstatSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';
import type { StageInstance } from '../config/index.ts';
import { sameStamp, type Stamp, stampOf } from '../fingerprint/stat.ts';
import { StageFailure } from '../kind/index.ts';
import type { Workspace } from '../workspace.ts';

/** An artifact that a stage takes in, with the stage that made it. */
export interface GivenArtifact {
  readonly maker: StageInstance;
  readonly entry: CacheEntry;
}

/** What became of the inputs while a stage ran. */
export interface InputChanges {
  /** Files that are no longer as the stage was given them. */
  readonly changed: readonly string[];
  /** Files that lie among them and that no stage has made. */
  readonly strays: readonly string[];
}

export const noChanges: InputChanges = { changed: [], strays: [] };

/** What file browsers leave in the folders that they show. */
const leftByBrowsers = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * The artifacts that one attempt at a stage is given. They are looked at before it starts and again when it has ended: a
 * result counts as made from them only if they are what they were. A kind reads the files of the cache, a command what
 * `artifacts/` shows and the outs of the stages before it.
 */
export class Given {
  readonly #workspace: Workspace;
  readonly #artifacts: readonly GivenArtifact[];
  /** Of a command: the files that it finds, with their stamps, by absolute path. */
  readonly #shown: ReadonlyMap<string, Stamp>;
  /** Of a command: the files and folders in which nothing else may lie. */
  readonly #roots: readonly string[];

  private constructor(
    workspace: Workspace,
    artifacts: readonly GivenArtifact[],
    shown: ReadonlyMap<string, Stamp>,
    roots: readonly string[],
  ) {
    this.#workspace = workspace;
    this.#artifacts = artifacts;
    this.#shown = shown;
    this.#roots = roots;
  }

  /**
   * For a kind. Rejects where an artifact is no longer whole in the cache.
   */
  static async toKind(workspace: Workspace, artifacts: readonly GivenArtifact[]): Promise<Given> {
    await mustBeWhole(workspace, artifacts);
    return new Given(workspace, artifacts, new Map(), []);
  }

  /** For a command, once `artifacts/` and the outs show what it takes in. Rejects as for a kind. */
  static async toCommand(workspace: Workspace, artifacts: readonly GivenArtifact[]): Promise<Given> {
    await mustBeWhole(workspace, artifacts);
    const { view, outs, folder } = workspace;
    const shown = new Map<string, Stamp>();
    const roots: string[] = [];
    for (const { maker } of artifacts) {
      for (const [path, stamp] of view.stamps(maker.name)) shown.set(path, stamp);
      roots.push(view.folder(maker.name));
      if (maker.uses.type !== 'command') continue;
      for (const [path, stamp] of outs.stamps(maker.uses.outs)) shown.set(path, stamp);
      roots.push(...maker.uses.outs.map((out) => join(folder, out)));
    }
    return new Given(workspace, artifacts, shown, roots);
  }

  /** Compares with what is there now. */
  async changes(): Promise<InputChanges> {
    const { cache, folder } = this.#workspace;
    const changed: string[] = [];
    for (const { entry } of this.#artifacts) {
      for (const { file } of await cache.damageOf(entry)) changed.push(`${file} of ${entry.stage}`);
    }
    for (const [path, stamp] of this.#shown) {
      if (!sameStamp(ownStamp(path), stamp)) changed.push(relative(folder, path));
    }
    const strays = this.#roots.flatMap(filesBelow).filter((path) => !this.#shown.has(path));
    return { changed, strays: [...new Set(strays)].map((path) => relative(folder, path)) };
  }
}

async function mustBeWhole({ cache }: Workspace, artifacts: readonly GivenArtifact[]): Promise<void> {
  for (const { entry } of artifacts) {
    const [damage] = await cache.damageOf(entry);
    if (damage === undefined) continue;
    const how = damage.reason === 'missing' ? 'went missing from' : 'was changed in';
    const hint = 'Run again: what is damaged is made again.';
    throw new StageFailure(`${damage.file} of ${entry.stage} ${how} the cache during the run`, { hint });
  }
}

function filesBelow(path: string): string[] {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || leftByBrowsers.has(basename(path))) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

/** Of a link its own: where it leads within an artifact is looked at by itself. */
function ownStamp(path: string): Stamp | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : stampOf(stats);
}
