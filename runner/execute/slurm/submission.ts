import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../cache/durable.ts';
import type { CacheAddress } from '../../config/cache-address.ts';
import { eventually } from './eventually.ts';
import type { FailureDetails, Progress, RowsToCompute, StageResult } from '../distributed/tasks.ts';

/**
 * What client and jobs tell each other, as files of a folder in the workspace, which all nodes see. Each file is written
 * by one of them, whole, under another name first.
 */

/** A stage as its jobs know it. */
export interface SubmittedStage {
  readonly name: string;
  /** Its folder in the submission. */
  readonly folder: string;
  /** Names of the stages it takes in. */
  readonly needs: readonly string[];
  readonly rows: boolean;
  /** Into how many tasks of an array its rows are divided; absent where one job does it all. */
  readonly tasks?: number;
  readonly retries: number;
}

/** What is to be done: written before the first job is submitted, and never changed. */
export interface Submitted {
  readonly format: 1;
  /** Digest of the plan: its name in the shared cache. */
  readonly plan: string;
  readonly cache: CacheAddress;
  /** Where jobs keep what they bring and make. */
  readonly scratch: string;
  /** Keys of the artifacts that were there before, by stage. */
  readonly given: Readonly<Record<string, string>>;
  /** In topological order. */
  readonly stages: readonly SubmittedStage[];
  /** Rows of each task, where somebody asked for a number. */
  readonly rowsPerTask?: number;
}

/** The jobs of a stage, as Slurm numbers them. */
export interface StageJobs {
  /** Computes rows; absent where they are not divided. */
  readonly array?: string;
  /** Runs the stage, or puts its rows together. */
  readonly final: string;
}

/** One attempt at a part of a stage that failed. */
export interface FailedAttempt extends FailureDetails {
  /** Counted from 1. */
  readonly attempt: number;
  readonly retrying: boolean;
  /** The file with all that it printed. */
  readonly log?: string;
}

/** The label of a job that runs a whole stage, where tasks of an array have their numbers. */
export const wholeStage = 'stage';

/** A part's folder name for a stage: for people, and for Slurm, which replaces percent signs in the paths of logs. */
export function folderOfStage(at: number, name: string): string {
  return `${at + 1}-${name.replaceAll(/[^\w.=,+-]/g, '-')}`;
}

export class Submission {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(submitted: Submitted): Promise<void> {
    for (const { folder } of submitted.stages) await mkdir(join(this.folder, folder), { recursive: true });
    await mkdir(this.logs, { recursive: true });
    await writeDurably(join(this.folder, 'submission.json'), `${JSON.stringify(submitted, null, 1)}\n`);
  }

  read(): Submitted | undefined {
    return readJson<Submitted>(join(this.folder, 'submission.json'));
  }

  async writeJobs(jobs: ReadonlyMap<string, StageJobs>): Promise<void> {
    await writeDurably(
      join(this.folder, 'jobs.json'),
      `${JSON.stringify(Object.fromEntries(jobs), null, 1)}\n`,
    );
  }

  readJobs(): Map<string, StageJobs> {
    return new Map(Object.entries(readJson<Record<string, StageJobs>>(join(this.folder, 'jobs.json')) ?? {}));
  }

  /** Where Slurm writes what jobs print. */
  get logs(): string {
    return join(this.folder, 'logs');
  }

  /** Slurm's name of a stage's logs: `%a` is the number of the task. */
  logPattern(stage: SubmittedStage, part: 'rows' | 'stage'): string {
    const file = part === 'rows' ? `${stage.folder}-rows-%a.log` : `${stage.folder}.log`;
    return `${this.logs.replaceAll('%', '%%')}/${file}`;
  }

  logOf(stage: SubmittedStage, label: string): string {
    const file = label === wholeStage ? `${stage.folder}.log` : `${stage.folder}-rows-${label}.log`;
    return join(this.logs, file);
  }

  async writeResult(stage: SubmittedStage, result: StageResult): Promise<void> {
    await writeDurably(this.#path(stage, 'result.json'), JSON.stringify(result));
  }

  result(stage: SubmittedStage): StageResult | undefined {
    return readJson(this.#path(stage, 'result.json'));
  }

  /**
   * Fixes which rows are to be computed: of the tasks that find that out at the same time, the first decides for all,
   * since they must divide the same rows.
   */
  async agreeOnRows(stage: SubmittedStage, rows: RowsToCompute, signal: AbortSignal): Promise<RowsToCompute> {
    const path = this.#path(stage, 'rows.json');
    const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    await writeFile(own, JSON.stringify(rows));
    try {
      await link(own, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(own, { force: true });
    }
    const agreed = await eventually(() => this.rows(stage), signal);
    if (agreed === undefined) throw new Error(`${path} cannot be read`);
    return agreed;
  }

  rows(stage: SubmittedStage): RowsToCompute | undefined {
    return readJson(this.#path(stage, 'rows.json'));
  }

  async writeFailure(stage: SubmittedStage, label: string, failure: FailedAttempt): Promise<void> {
    // The name is for this alone: a requeued task fails anew.
    const name = `failed-${label}-${failure.attempt}-${randomBytes(4).toString('hex')}.json`;
    await writeDurably(this.#path(stage, name), JSON.stringify(failure));
  }

  /** Progress is no loss: it is not flushed to the disk. */
  async writeProgress(stage: SubmittedStage, label: string, progress: Progress): Promise<void> {
    const path = this.#path(stage, `progress-${label}.json`);
    await writeFile(`${path}.${process.pid}.new`, JSON.stringify(progress));
    await rename(`${path}.${process.pid}.new`, path);
  }

  /** Names of all that is told of a stage. Reading the folder also makes a network file system look again. */
  names(stage: SubmittedStage): readonly string[] {
    try {
      return readdirSync(join(this.folder, stage.folder)).filter((name) => name.endsWith('.json'));
    } catch {
      return [];
    }
  }

  document<T>(stage: SubmittedStage, name: string): T | undefined {
    return readJson(this.#path(stage, name));
  }

  #path(stage: SubmittedStage, name: string): string {
    return join(this.folder, stage.folder, name);
  }
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    // Absent, or not yet seen by this node.
    return undefined;
  }
}
