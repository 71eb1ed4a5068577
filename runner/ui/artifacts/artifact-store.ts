import { statSync } from 'node:fs';
import { openTable, type TableFile } from '../../artifact/index.ts';
import type { ArtifactFile, CacheEntry } from '../../cache/entry.ts';
import { Lockfile } from '../../record/lockfile.ts';
import type { Workspace } from '../../workspace.ts';
import type { ArtifactDetail, ArtifactLine, FileLine } from '../model/artifacts.ts';
import type { PlanView, ReadyPlan } from '../model/plan.ts';
import { lastKey } from '../plan/plan-view.ts';
import { notFound, RequestError } from '../server/request-error.ts';
import { fileType } from './file-type.ts';

const keyPattern = /^[0-9a-f]{64}$/;

/**
 * The artifacts of the cache, by key. Files are looked up by name in an artifact's manifest, and found in the store by
 * their digest: no path is ever made of what a request says.
 */
export class ArtifactStore {
  readonly #workspace: () => Workspace;
  readonly #plan: () => PlanView;

  constructor(workspace: () => Workspace, plan: () => PlanView) {
    this.#workspace = workspace;
    this.#plan = plan;
  }

  get workspace(): Workspace {
    return this.#workspace();
  }

  /** What each stage gives or gave last; where the pipeline cannot be read, what the last run used. */
  list(): ArtifactLine[] {
    const plan = this.#plan();
    if (plan.type === 'ready') {
      return plan.stages.flatMap(({ name, artifact, state }) =>
        artifact === undefined ? [] : this.#line(name, artifact, state === 'cached' ? 'current' : 'earlier'),
      );
    }
    const lockfile = Lockfile.read(this.workspace.lockfilePath);
    return lockfile.stages().flatMap((stage) => {
      const key = lastKey(this.workspace, lockfile, stage);
      return key === undefined ? [] : this.#line(stage, key, 'unknown');
    });
  }

  detail(key: string): ArtifactDetail {
    const entry = this.entry(key);
    const plan = this.#plan();
    const isCurrent = (stages: ReadyPlan['stages']): boolean =>
      stages.some(({ artifact, state }) => artifact === key && state === 'cached');
    const standing = plan.type !== 'ready' ? 'unknown' : isCurrent(plan.stages) ? 'current' : 'earlier';
    return {
      ...lineOf(entry.stage, entry, standing),
      contents: entry.manifest.files.map((file) => this.#fileLine(file)),
      measurements: entry.measurements,
    };
  }

  entry(key: string): CacheEntry {
    const entry = keyPattern.test(key) ? this.workspace.cache.read(key) : undefined;
    if (entry !== undefined) return entry;
    throw notFound('there is no such artifact in the cache', 'Look under Artifacts for what there is.');
  }

  /** The path of a file of an artifact, in the store. */
  path(entry: CacheEntry, name: string): string {
    const file = entry.manifest.files.find((candidate) => candidate.name === name);
    if (file === undefined) throw notFound(`the artifact of ${entry.stage} has no file ${name}`);
    const damage = this.#damage(file);
    if (damage !== undefined) {
      const problem = {
        message: `${name} ${damage === 'missing' ? 'is missing from' : 'was changed in'} the cache`,
        stage: entry.stage,
        hint: `Make it again: pipeline run '${entry.stage}'. What else is damaged: pipeline verify`,
      };
      throw new RequestError(410, [problem]);
    }
    return this.workspace.cache.path(file.sha256);
  }

  async withTable<Result>(
    entry: CacheEntry,
    name: string,
    use: (table: TableFile) => Promise<Result>,
  ): Promise<Result> {
    if (fileType(name) !== 'table') throw notFound(`${name} is no table`);
    const table = await openTable(this.path(entry, name), `${name} of ${entry.stage}`);
    try {
      return await use(table);
    } finally {
      await table.close();
    }
  }

  #line(stage: string, key: string, standing: ArtifactLine['standing']): ArtifactLine[] {
    const entry = this.workspace.cache.read(key);
    return entry === undefined ? [] : [lineOf(stage, entry, standing)];
  }

  #fileLine(file: ArtifactFile): FileLine {
    const damage = this.#damage(file);
    return {
      name: file.name,
      bytes: file.size,
      type: fileType(file.name),
      ...(damage !== undefined && { damage }),
    };
  }

  /** By its size alone: to read it all is what `pipeline verify` is for. */
  #damage({ sha256, size }: ArtifactFile): FileLine['damage'] {
    const stats = statSync(this.workspace.cache.path(sha256), { throwIfNoEntry: false });
    if (stats === undefined) return 'missing';
    return stats.size === size ? undefined : 'changed';
  }
}

function lineOf(
  stage: string,
  { key, kind, run, manifest }: CacheEntry,
  standing: ArtifactLine['standing'],
): ArtifactLine {
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  return { stage, key, kind, run, files: manifest.files.length, bytes, standing };
}
