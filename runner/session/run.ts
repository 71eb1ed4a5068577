import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';
import type { Pipeline } from '../config/index.ts';
import { failure, PipelineError, type Result, success } from '../errors.ts';
import type { Emit } from '../events.ts';
import { acquireLock, unreadableLock } from '../execute/lock.ts';
import type { OpenRemote } from '../execute/remote.ts';
import { Scheduler } from '../execute/scheduler.ts';
import type { Selection } from '../graph/index.ts';
import { depProblems } from '../plan/deps.ts';
import { planStates, type PlannedState, stateSentence } from '../plan/states.ts';
import { Journal } from '../record/journal.ts';
import { Lockfile } from '../record/lockfile.ts';
import { completeShown } from '../publish/complete.ts';
import { currentEnvironment } from '../record/environment.ts';
import { newRunId, type RunSoFar, type StageRecord } from '../record/runs.ts';
import type { Workspace } from '../workspace.ts';
import { ownOuts } from './own-outs.ts';
import { sharing } from './sharing.ts';

export interface RunOptions {
  readonly jobs: number | undefined;
  readonly force: boolean;
  /** Whether what is forced takes rows that were made before. */
  readonly keepRows: boolean;
  readonly keepGoing: boolean;
  readonly allowStale: boolean;
  /** Whether what stands at outs and is no stage's is moved away. */
  readonly adopt: boolean;
  /** Whether `artifacts/` and pipeline.lock show what this run made; or only what commands read and make is shown. */
  readonly publish: boolean | 'commands';
  /** What of the command line forces stages, e.g. `--from features`. */
  readonly forcedBy: string | undefined;
  /** Where stages run that are not run on this machine; left out, all run here. */
  readonly openRemote?: OpenRemote;
  /** The command line, for the record. */
  readonly command: string;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

export interface RunSummary {
  readonly ok: boolean;
  readonly interrupted: boolean;
  /** What the selected stages made or had, by instance. */
  readonly artifacts: ReadonlyMap<string, CacheEntry>;
  /** Keys of the stages that failed. */
  readonly failedKeys: readonly string[];
}

/** One run from lock to record. The problems it may return come before anything has run. */
export async function runPipeline(
  opened: Workspace,
  pipeline: Pipeline,
  selection: Selection,
  options: RunOptions,
): Promise<Result<RunSummary>> {
  const { command } = options;
  const started = performance.now();
  const since = new Date();
  const run = newRunId(since);
  const lock = await acquireLock(
    opened.lockPath,
    { run, command, since: since.toISOString() },
    {
      signal: options.signal,
      onWait: (holder) => {
        options.emit({ type: 'waiting', holder });
      },
      onUnreadable: () => {
        options.emit({ type: 'notice', message: unreadableLock(relative(opened.folder, opened.lockPath)) });
      },
    },
  );
  const signal = AbortSignal.any([options.signal, lock.lost]);
  const journal = new Journal(opened.runs.journalPath(run));
  const emit: Emit = (event) => {
    journal.write(event);
    options.emit(event);
  };
  try {
    // Whatever lies there is of runs that were killed: only the holder of the lock writes.
    await rm(join(opened.state, 'tmp'), { recursive: true, force: true, maxRetries: 3 });
    opened.view.reload();
    opened.outs.reload();
    const problems = depProblems(opened, pipeline, selection.run);
    if (problems.length > 0) return failure(...problems);
    const shared = await sharing(opened, pipeline, emit);
    if (!shared.ok) return shared;
    const workspace = shared.value;
    const lockfile = Lockfile.read(workspace.lockfilePath);
    const given = await artifactsFromCache(workspace, pipeline, selection, lockfile, options.allowStale);
    if (!given.ok) return given;
    const owned = await ownOuts(workspace, { pipeline, selection, lockfile, adopt: options.adopt }, emit);
    if (!owned.ok) return owned;
    const { keepGoing } = options;
    const remote = await options.openRemote?.({
      workspace,
      pipeline,
      selection,
      run,
      keepGoing,
      signal,
      emit,
    });
    if (remote?.ok === false) return remote;
    const names = new Set(pipeline.instances.map(({ name }) => name));
    if (options.publish !== false) await workspace.view.open(names);
    const { profile, leftOut } = pipeline;
    emit({
      type: 'run-started',
      run,
      stages: selection.run,
      leftOut,
      ...(profile !== undefined && { profile }),
    });
    const scheduler = new Scheduler(
      workspace,
      { pipeline, selection, lockfile, given: given.value },
      {
        run,
        jobs: options.jobs ?? availableParallelism(),
        force: options.force,
        keepRows: options.keepRows,
        keepGoing,
        remote: remote?.value,
        publish: options.publish,
        forcedBecause: `forced by ${options.forcedBy ?? ''}`,
        signal,
        emit,
      },
    );
    const { stages, artifacts, interrupted } = await scheduler.run();
    if (lock.lost.aborted) {
      const message = `${relative(opened.folder, opened.lockPath)} was removed while this run went on, and another run took it`;
      throw new PipelineError([{ message, hint: 'Run again once that one is done.' }], 1);
    }
    const ranRemotely = await remote?.value.close();
    await workspace.digests.save();
    if (options.publish === true) await lockfile.save(names);
    const named = namesByStatus(stages);
    const ok = named('failed').length === 0 && named('skipped').length === 0 && !interrupted;
    const record: RunSoFar = {
      id: run,
      started: since.toISOString(),
      command,
      ...(profile !== undefined && { profile }),
      environment: currentEnvironment(),
      ok,
      stages: Object.fromEntries(stages),
      ...(ranRemotely !== undefined && { remote: ranRemotely }),
    };
    if (options.publish === true) {
      await completeShown(workspace, { pipeline, artifacts, given: given.value, record }, emit);
    }
    const wallMs = Math.round(performance.now() - started);
    await workspace.runs.save({ ...record, wallMs });
    await workspace.cache.settle(signal);
    emit({
      type: 'run-finished',
      ok,
      run,
      ran: named('ran'),
      cached: named('cached'),
      failed: named('failed'),
      skipped: [...named('skipped'), ...named('interrupted')],
      interrupted,
      wallMs,
    });
    const failedKeys = named('failed').flatMap((name) => stages.get(name)?.key ?? []);
    return success({ ok, interrupted, artifacts, failedKeys });
  } finally {
    journal.close();
    lock.release();
  }
}

function namesByStatus(stages: ReadonlyMap<string, StageRecord>) {
  return (status: StageRecord['status']): string[] =>
    [...stages].filter(([, record]) => record.status === status).map(([name]) => name);
}

/** The artifacts of stages that are needed and not selected: of the cache alone, and only current ones. */
export async function artifactsFromCache(
  workspace: Workspace,
  pipeline: Pipeline,
  selection: Selection,
  lockfile: Lockfile,
  allowStale: boolean,
): Promise<Result<Map<string, CacheEntry>>> {
  const given = new Map<string, CacheEntry>();
  if (selection.cachedOnly.length === 0) return success(given);
  const states = await planStates(workspace, pipeline, lockfile);
  const stale: PlannedState[] = [];
  for (const name of selection.cachedOnly) {
    const state = states.get(name)!;
    const current = state.type === 'cached' ? await wholeOf(workspace, state.key) : undefined;
    const usable = current ?? (allowStale ? await wholeOf(workspace, lockfile.get(name)?.key) : undefined);
    if (usable === undefined) stale.push(state);
    else given.set(name, usable);
  }
  if (stale.length === 0) return success(given);
  const hint = allowStale
    ? 'They have no earlier artifact either: run them first.'
    : 'Run without --from to bring them up to date, or add --allow-stale to take what they made last.';
  return failure(
    ...stale.map((state, at) => ({
      message:
        state.type === 'cached'
          ? 'needed from the cache, but its artifact cannot be brought here'
          : `needed from the cache, but not up to date: ${stateSentence(state)}`,
      stage: state.name,
      ...(at === stale.length - 1 && { hint }),
    })),
  );
}

/** The artifact of a key, with its files on this machine. */
async function wholeOf(workspace: Workspace, key: string | undefined): Promise<CacheEntry | undefined> {
  const lookup = key === undefined ? undefined : await workspace.cache.lookup(key);
  return lookup?.type === 'hit' ? lookup.entry : undefined;
}
