import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ArtifactShape, CacheEntry } from '../cache/entry.ts';
import { viewFolder } from '../cache/view.ts';
import type { StageInstance } from '../config/index.ts';
import type { Problem } from '../errors.ts';
import type { Emit, RowCounts } from '../events.ts';
import { FileList, type StoredFileList } from '../fingerprint/file-list.ts';
import { shownName } from '../fingerprint/file-names.ts';
import { sha256 } from '../fingerprint/hash.ts';
import { numbersOfPath } from '../fingerprint/stat.ts';
import { changedSince, stampsOf, type Tree } from '../fingerprint/tree.ts';
import type { ResolvedStage } from '../plan/resolve.ts';
import type { Workspace } from '../workspace.ts';
import { type CommandEnd, runCommand } from './command.ts';
import { filesOfAttempt, removePartials, reusableRows } from './earlier-rows.ts';
import { type Given, noChanges } from './given.ts';
import type { Job, JobArtifact, JobFailure, ReusableRows } from './job.ts';
import { rowsOfIndex } from './row-index.ts';
import type { ProcessOptions, StageEnd } from './stage-process.ts';

/** What came of one attempt at a stage. */
export type StageOutcome =
  | {
      readonly type: 'done';
      readonly entry: CacheEntry;
      readonly rows: RowCounts | undefined;
      /** False where an input changed meanwhile, or something else lay among the inputs. */
      readonly kept: boolean;
      readonly changed: readonly string[];
      readonly strays: readonly string[];
    }
  | { readonly type: 'failed'; readonly problems: readonly Problem[]; readonly output: readonly string[] }
  | { readonly type: 'interrupted' };

export interface StageRunOptions {
  readonly run: string;
  readonly threads: number;
  /** Artifacts of the inputs by input name. */
  readonly inputs: Readonly<Record<string, readonly CacheEntry[]>>;
  /** The same as they lie on this machine; left out where others look after them. */
  readonly given?: Given | undefined;
  /** Whether every row is computed, though the same were made before. */
  readonly rowsAnew?: boolean;
  readonly log: string;
  /** Of a row stage: tables that hold parts of its rows, made elsewhere. */
  readonly segments?: readonly ReusableRows[];
  readonly signal: AbortSignal;
  /** Whether other stages are likely to run after this one has begun. */
  readonly followed: () => boolean;
  readonly emit: Emit;
}

/** Runs one stage in a process of its own and stores what it makes. */
export async function runStage(
  workspace: Workspace,
  stage: ResolvedStage,
  options: StageRunOptions,
): Promise<StageOutcome> {
  const { instance, rowKey } = stage;
  const attempt = await openAttempt(workspace, options.run, stage);
  const processOptions: ProcessOptions = {
    cwd: workspace.folder,
    env: process.env,
    log: options.log,
    timeoutSeconds: instance.timeoutSeconds,
    signal: options.signal,
    followed: options.followed,
    onMessage(message) {
      if (message.type === 'warning') {
        options.emit({ type: 'stage-warning', stage: instance.name, message: message.message });
      } else options.emit({ ...message, type: 'stage-progress', stage: instance.name });
    },
  };
  const { end, lastLines, shape } = await runIt(workspace, stage, options, attempt, processOptions);
  if (end.type !== 'done') await leave(attempt, rowKey);
  if (end.type === 'interrupted') return end;
  if (end.type === 'failed') {
    return { type: 'failed', problems: problemsOf(instance.name, end), output: lastLines };
  }
  return store(workspace, stage, options, attempt, { ...end.message, shape });
}

/** The folders of one attempt. Of a row stage it outlives a kill, under the row key: its rows serve the next attempt. */
interface Attempt {
  readonly folder: string;
  readonly output: string;
  readonly index: string;
  readonly checkpoints: string;
}

async function openAttempt(workspace: Workspace, run: string, stage: ResolvedStage): Promise<Attempt> {
  const { key, rowKey } = stage;
  const name = `${run}-${randomBytes(4).toString('hex')}`;
  const folder = join(
    workspace.state,
    rowKey === undefined ? join('tmp', name) : join('rows', rowKey, 'partial', name),
  );
  const attempt = {
    folder,
    output: join(folder, 'out'),
    index: join(folder, 'index'),
    checkpoints: join(workspace.state, 'checkpoints', key),
  };
  await mkdir(attempt.output, { recursive: true });
  if (rowKey !== undefined) {
    await writeFile(join(folder, filesOfAttempt), stampsOfFiles(stage));
    await writeFile(attempt.index, '');
  } else await mkdir(attempt.checkpoints, { recursive: true });
  return attempt;
}

/** Ends an attempt that gave no artifact. Finished rows are left for the next one, under a name no run owns. */
async function leave({ folder }: Attempt, rowKey: string | undefined): Promise<void> {
  if (rowKey === undefined) await rm(folder, { recursive: true, force: true });
  else await rename(folder, join(dirname(folder), `left-${basename(folder)}`));
}

async function runIt(
  workspace: Workspace,
  stage: ResolvedStage,
  options: StageRunOptions,
  attempt: Attempt,
  processOptions: ProcessOptions,
): Promise<CommandEnd> {
  const { instance, loaded, key, rowKey, trees } = stage;
  const { uses } = instance;
  if (uses.type === 'command') {
    const inputs = Object.fromEntries(
      Object.entries(instance.inputs).map(([name, stages]) => [
        name,
        stages.map((stage) => join('artifacts', viewFolder(stage))),
      ]),
    );
    const { run, threads } = options;
    const { output } = attempt;
    const job = { stage: instance.name, uses, inputs, output, threads, run, ledger: workspace.outs };
    return runCommand(job, processOptions);
  }
  const artifacts = Object.fromEntries(
    Object.entries(options.inputs).map(([name, entries]) => [
      name,
      entries.map((entry, at) => jobArtifact(workspace, entry, instance.inputs[name][at])),
    ]),
  );
  const ofStage = options.inputs.files?.[0];
  const job: Job = {
    stage: instance.name,
    bundle: loaded!.bundle,
    params: uses.params,
    inputs: artifacts,
    threads: options.threads,
    output: attempt.output,
    metadata: { stage: instance.name, key, kind: uses.name },
    checkpoints: attempt.checkpoints,
    rows: {
      ...(uses.kind.type === 'source' && {
        files: await sourceFiles(workspace, ofStage, trees, attempt.folder),
      }),
      reusable:
        rowKey === undefined || options.rowsAnew === true
          ? (options.segments ?? [])
          : await reusableRows(workspace, options, rowKey, {
              wanted: wantedRows(instance, artifacts),
              files: stampsOfFiles(stage),
            }),
      index: attempt.index,
      errors: instance.rowErrors,
    },
  };
  return workspace.executor.run(job, processOptions);
}

async function store(
  workspace: Workspace,
  stage: ResolvedStage,
  options: StageRunOptions,
  attempt: Attempt,
  message: Extract<StageEnd, { type: 'done' }>['message'] & { readonly shape: ArtifactShape | undefined },
): Promise<StageOutcome> {
  const { instance, key, rowKey, fingerprint } = stage;
  const ofInputs = (await options.given?.changes()) ?? noChanges;
  const changed = [
    ...new Set([...message.changed, ...stage.trees.flatMap(changedSince), ...ofInputs.changed]),
  ];
  const { strays } = ofInputs;
  const kept = changed.length === 0 && strays.length === 0;
  for (const tree of rowKey === undefined ? [] : stage.trees) await workspace.trees.save(tree);
  const rows =
    rowKey === undefined
      ? undefined
      : {
          rowKey,
          count: message.rows!.total,
          indexSize: statSync(attempt.index).size,
          index: await workspace.cache.putFile(attempt.index),
        };
  const entry = await workspace.cache.put(
    attempt.output,
    {
      // What must not be found again is stored under a key that nothing has.
      key: kept ? key : sha256(`not kept ${key} ${options.run}`),
      stage: instance.name,
      kind: instance.uses.type === 'kind' ? instance.uses.name : 'command',
      run: options.run,
      fingerprint,
      measurements: message.measurements,
      ...(rows !== undefined && { rows }),
    },
    new Map(Object.entries(message.contents)),
    // A source looks at each of its files by itself, and the index says which rows were made from changed ones.
    {
      aside: !kept,
      rowsReusable: kept || isSource(instance),
      ...(message.shape !== undefined && { shape: message.shape }),
    },
  );
  // Where another machine was faster, what lies there is not its result.
  if (message.shape !== undefined && entry.run === options.run) workspace.outs.learn(entry.manifest);
  if (rowKey === undefined) {
    await rm(attempt.folder, { recursive: true, force: true });
    await rm(attempt.checkpoints, { recursive: true, force: true });
  } else await removePartials(workspace, options.run, rowKey, attempt.folder);
  return { type: 'done', entry, rows: message.rows, kept, changed, strays };
}

export function jobArtifact(workspace: Workspace, entry: CacheEntry, stage: string): JobArtifact {
  return {
    stage,
    files: Object.fromEntries(
      entry.manifest.files.map((file) => [file.name, workspace.cache.path(file.sha256)]),
    ),
    measurements: entry.measurements,
    ...(entry.rows !== undefined && { index: workspace.cache.path(entry.rows.index) }),
  };
}

/** What a source takes its rows from: the files of a stage's artifact, or those that its params name; listed in a file. */
async function sourceFiles(
  { cache }: Workspace,
  artifact: CacheEntry | undefined,
  trees: readonly Tree[],
  folder: string,
): Promise<StoredFileList> {
  const list = join(folder, 'files');
  const oddIn = trees.some((tree) => tree.files.hasOdd);
  if (artifact === undefined && trees.length === 1 && !oddIn) return trees[0].files.store(list);
  const files = FileList.anywhere(folder);
  const leftOut = trees.flatMap((tree) => files.addReadable(tree.files)).map(shownName);
  for (const { name, sha256: digest } of artifact?.manifest.files ?? []) {
    const path = cache.path(digest);
    files.add({ name, path, numbers: numbersOfPath(path)!, digest });
  }
  return { ...(await files.store(list)), leftOut };
}

function isSource({ uses }: StageInstance): boolean {
  return uses.type === 'kind' && uses.kind.type === 'source';
}

/**
 * What decides, besides the row key, whether rows that an attempt left may be believed: the states of the files that
 * the row function reads. One that was changed and put back has another time of change.
 */
function stampsOfFiles({ instance, trees }: ResolvedStage): string {
  return isSource(instance) ? '' : trees.map(stampsOf).join('\n');
}

function* contentsOf(index: string): Generator<string> {
  for (const { content } of rowsOfIndex(index)) yield content;
}

/** Digests of the rows that a row stage takes in. Those of a source are known to nobody before it has listed them. */
function wantedRows(
  { uses }: StageInstance,
  inputs: Readonly<Record<string, readonly JobArtifact[]>>,
): (() => Iterable<string>) | undefined {
  if (uses.type !== 'kind' || uses.kind.type !== 'row') return undefined;
  const index = inputs[uses.kind.input]?.[0]?.index;
  return index === undefined ? undefined : () => contentsOf(index);
}

function problemsOf(stage: string, end: { readonly failures: readonly JobFailure[] }): Problem[] {
  const problems: Problem[] = end.failures.map(({ message, place, hint, stack }) => ({
    stage,
    message,
    ...(place !== undefined && { place: { file: place } }),
    ...(hint !== undefined && { hint }),
    ...(stack !== undefined && { stack }),
  }));
  return problems;
}
