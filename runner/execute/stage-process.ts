import type { ChildProcess } from 'node:child_process';
import { setImmediate as afterEvents } from 'node:timers/promises';
import type { Job, JobFailure, JobMessage } from './job.ts';
import { endGroup, killGroup } from './processes/group.ts';
import { StageLog } from './stage-log.ts';
import { Standby } from './standby.ts';

export type StageEnd =
  | { readonly type: 'done'; readonly message: Extract<JobMessage, { type: 'done' }> }
  | { readonly type: 'failed'; readonly failures: readonly JobFailure[] }
  | { readonly type: 'interrupted' };

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
  readonly timeoutSeconds: number | undefined;
  readonly signal: AbortSignal;
  /** Whether other jobs of the run are likely to come. */
  readonly followed: () => boolean;
  /** Called where an executor lets jobs wait for their turn, once it has come. */
  readonly onStart?: () => void;
  /**
   * Of one part of a stage of which others are likely to come: whether, once it is done, its process may serve them, with
   * what it has loaded.
   */
  readonly mayStay?: () => boolean;
  readonly onMessage: (message: Extract<JobMessage, { type: 'progress' | 'warning' }>) => void;
}

/** How long a process may take to end itself before it is killed. */
const graceMilliseconds = 3000;

/** How long a process takes to start, amply. */
const startMilliseconds = 500;

/** Where the jobs of kinds are done. */
export interface Executor {
  /** Says that a job is about to come. */
  prepare(): void;
  /** Never rejects: whatever happens is how the stage ended. */
  run(job: Job, options: ProcessOptions): Promise<JobEnd>;
  /** Says that no job is about to come any more. */
  dismiss(): void;
}

export interface JobEnd {
  readonly end: StageEnd;
  readonly lastLines: readonly string[];
  /** Its process was killed before it said anything. */
  readonly unbegun?: boolean;
}

/** Runs each job in a process of its own. */
export function localExecutor(folder: string): Executor {
  const standby = new Standby(folder);
  return {
    prepare: () => {
      standby.prepare();
    },
    async run(job, options) {
      const child = standby.take();
      const prepareNext = (): void => {
        clearTimeout(timer);
        child.off('message', prepareNext);
        if (options.followed()) standby.prepare();
      };
      // Once this one says something: two processes that start at the same time hold each other up.
      child.once('message', prepareNext);
      const timer = setTimeout(prepareNext, startMilliseconds);
      try {
        return await runIn(child, job, options);
      } finally {
        clearTimeout(timer);
      }
    },
    dismiss: () => {
      standby.dismiss();
    },
  };
}

/** Runs a job in a process, and follows it to its end or, where the job says that it stays, to the job's. */
export async function runIn(child: ChildProcess, job: Job, options: ProcessOptions): Promise<JobEnd> {
  let last: Extract<JobMessage, { type: 'done' | 'failed' }> | undefined;
  const stays = new AbortController();
  let heard = false;
  const onMessage = (message: JobMessage): void => {
    heard = true;
    if (message.type === 'done' || message.type === 'failed') last = message;
    else options.onMessage(message);
    if (message.type === 'done' && job.stay === true) stays.abort();
  };
  child.on('message', onMessage);
  // A child that dies at once makes sending fail; its end says why.
  child.send(job, () => undefined);
  const { how, lastLines } = await supervise(child, options, stays.signal);
  child.off('message', onMessage);
  if (how.type === 'interrupted') return { end: how, lastLines };
  if (last?.type === 'failed') return { end: last, lastLines };
  if (how.type === 'ended' && last !== undefined) return { end: { type: 'done', message: last }, lastLines };
  const failure = how.type === 'ended' ? { message: 'it ended with code 0 but gave no result' } : how.failure;
  const unbegun = how.type === 'failed' && how.killed === true && !heard;
  return { end: { type: 'failed', failures: [failure] }, lastLines, unbegun };
}

export type ProcessEnd =
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly failure: JobFailure; readonly killed?: boolean }
  | { readonly type: 'interrupted' };

/**
 * Follows a process that leads a group of its own to its end: output to the log, time limit, interruption. `stays` is
 * aborted where it has done what was asked and is left to go on.
 */
export async function supervise(
  child: ChildProcess,
  options: Pick<ProcessOptions, 'log' | 'timeoutSeconds' | 'signal'>,
  stays?: AbortSignal,
): Promise<{ readonly how: ProcessEnd; readonly lastLines: readonly string[] }> {
  // Listened to from the start: a short command may have ended by the time its log is open.
  const ended = endOf(child);
  const log = await StageLog.open(options.log).catch(async (error: unknown) => {
    await endGroup(child);
    throw error;
  });
  const keep = (chunk: Buffer): void => {
    log.write(chunk);
  };
  // Of a process that stayed they stand still, so that nothing is lost before the log is open.
  child.stdout?.on('data', keep).resume();
  child.stderr?.on('data', keep).resume();
  let timedOut = false;
  const stop = (): void => {
    killGroup(child, 'SIGTERM');
    setTimeout(() => {
      killGroup(child, 'SIGKILL');
    }, graceMilliseconds).unref();
  };
  const timer =
    options.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop();
        }, options.timeoutSeconds * 1000);
  options.signal.addEventListener('abort', stop, { once: true });
  if (options.signal.aborted) stop();
  const settle = (): void => {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', stop);
  };
  if (stays !== undefined) {
    await Promise.race([ended.promise, abortOf(stays)]);
    // One that was told to end does so, though it may have been done by then.
    if (stays.aborted && !options.signal.aborted && !timedOut) {
      settle();
      ended.forget();
      // What it printed was in the pipes before it said that it was done.
      await afterEvents();
      child.stdout?.off('data', keep).pause();
      child.stderr?.off('data', keep).pause();
      return { how: { type: 'ended' }, lastLines: await log.close() };
    }
  }
  const { code, signal, error } = await ended.promise;
  settle();
  const left = await endGroup(child);
  // Whoever still holds them must not hold up the run.
  child.stdout?.destroy();
  child.stderr?.destroy();
  const lastLines = await log.close();

  const failed = (message: string, hint?: string) => ({
    type: 'failed' as const,
    failure: { message, ...(hint !== undefined && { hint }) },
  });
  if (options.signal.aborted) return { how: { type: 'interrupted' }, lastLines };
  if (timedOut) {
    const hint =
      'Give it more time with "timeout:" in pipeline.yaml, or find out what it waits for in its log.';
    return {
      how: failed(`it took longer than its timeout of ${options.timeoutSeconds!} s`, hint),
      lastLines,
    };
  }
  if (error !== undefined)
    return { how: failed(`its process could not be started: ${error.message}`), lastLines };
  if (signal !== null) {
    const hint = signal === 'SIGKILL' ? 'Often the system does this when memory runs out.' : undefined;
    return { how: { ...failed(`its process was ended by ${signal}`, hint), killed: true }, lastLines };
  }
  if (code !== 0) return { how: failed(`its process ended with code ${code!}`), lastLines };
  if (left.length > 0) {
    const hint = 'It may still write files: end it, then run again.';
    return {
      how: failed(`it left process ${left.join(', ')} behind, which cannot be ended`, hint),
      lastLines,
    };
  }
  return { how: { type: 'ended' }, lastLines };
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: Error | undefined;
}

/** How a process ends, until that is of no interest any more. */
function endOf(child: ChildProcess): { readonly promise: Promise<End>; forget(): void } {
  let settle!: (end: End) => void;
  const promise = new Promise<End>((resolve) => (settle = resolve));
  const onError = (error: Error): void => {
    if (child.pid === undefined) settle({ code: null, signal: null, error });
  };
  // `close` rather than `exit`, so that all output has arrived, also that of a `tee` which ends behind its shell; but a
  // process left in the background may hold the pipes open for ever.
  const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (code !== 0) killGroup(child, 'SIGKILL');
    const closed = (): void => {
      settle({ code, signal, error: undefined });
    };
    child.once('close', closed);
    setTimeout(closed, 1000).unref();
  };
  child.once('error', onError).once('exit', onExit);
  return {
    promise,
    forget() {
      child.off('error', onError).off('exit', onExit);
    },
  };
}

function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
