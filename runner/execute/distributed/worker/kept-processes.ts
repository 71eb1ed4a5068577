import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import pLimit from 'p-limit';
import type { Job } from '../../job.ts';
import { killGroup } from '../../processes/group.ts';
import { type Executor, type JobEnd, type ProcessOptions, runIn } from '../../stage-process.ts';
import { isAlive, Standby } from '../../standby.ts';

/** A model that is loaded holds memory: the next part of its stage comes soon, or not at all. */
const idleMilliseconds = 10_000;

interface Kept {
  readonly stage: string;
  readonly child: ChildProcess;
  readonly timer: NodeJS.Timeout;
  readonly ended: () => void;
}

/**
 * The processes of a worker: so many at once, others wait for their turn. One that has computed a part of a row stage
 * is kept for the next part of the same stage, with its code and its model loaded, until something else needs its place
 * or nothing has come for a while.
 */
export class KeptProcesses implements Executor {
  readonly #standby: Standby;
  readonly #places: ReturnType<typeof pLimit>;
  readonly #atOnce: number;
  #idle: Kept[] = [];

  /** `folder` is the working directory of every process. */
  constructor(folder: string, atOnce: number) {
    this.#standby = new Standby(folder);
    this.#places = pLimit(atOnce);
    this.#atOnce = atOnce;
  }

  prepare(): void {
    this.#standby.prepare();
  }

  /** Where it is interrupted while it waits for its turn, nothing is started. */
  async run(job: Job, options: ProcessOptions): Promise<JobEnd> {
    const { signal } = options;
    const interrupted: JobEnd = { end: { type: 'interrupted' }, lastLines: [] };
    if (signal.aborted) return interrupted;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        resolve(interrupted);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#places(() => {
        signal.removeEventListener('abort', giveUp);
        return signal.aborted ? interrupted : this.#runNow(job, options);
      }).then(resolve, reject);
    });
  }

  dismiss(): void {
    this.#standby.dismiss();
    for (const kept of this.#idle) void this.#end(kept);
  }

  async #runNow(job: Job, options: ProcessOptions): Promise<JobEnd> {
    const stay = options.mayStay !== undefined;
    const stage = stageOf(job);
    const kept = this.#takeKept(stage);
    const child = kept ?? (await this.#start());
    // It may wait long for its turn; what it took then is of no interest.
    options.onStart?.();
    const ended = await runIn(child, { ...job, stay }, options);
    // It was killed while nobody watched it: the job has not met it yet.
    if (kept !== undefined && ended.unbegun === true) return this.#runNow(job, options);
    if (stay && ended.end.type === 'done' && isAlive(child)) {
      if (options.mayStay()) this.#keep(stage, child);
      else await endOf(child);
    }
    return ended;
  }

  #takeKept(stage: string): ChildProcess | undefined {
    const fit = this.#idle.find((kept) => kept.stage === stage && isAlive(kept.child));
    if (fit === undefined) return undefined;
    this.#forget(fit);
    fit.child.ref();
    fit.child.channel?.ref();
    return fit.child;
  }

  async #start(): Promise<ChildProcess> {
    // Whatever is about to start must find the memory, and what else there is, free.
    while (this.#idle.length > 0 && this.#places.activeCount + this.#idle.length > this.#atOnce) {
      await this.#end(this.#idle[0]);
    }
    return this.#standby.take();
  }

  #keep(stage: string, child: ChildProcess): void {
    // Whether anything is left to be done must not depend on a process that does nothing.
    child.unref();
    child.channel?.unref();
    const timer = setTimeout(() => void this.#end(kept), idleMilliseconds);
    timer.unref();
    // It may be killed as any process may, which must not leave behind what it started.
    const ended = (): void => {
      this.#forget(kept);
      killGroup(child, 'SIGKILL');
    };
    const kept: Kept = { stage, child, timer, ended };
    child.once('exit', ended).once('error', ended);
    this.#idle.push(kept);
  }

  #forget({ child, timer, ended }: Kept): void {
    clearTimeout(timer);
    child.off('exit', ended).off('error', ended);
    this.#idle = this.#idle.filter((kept) => kept.child !== child);
  }

  async #end(kept: Kept): Promise<void> {
    this.#forget(kept);
    await endOf(kept.child);
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  killGroup(child, 'SIGKILL');
  await ended;
}

/** What a process is good for that has done the job: another part of the very same stage. */
function stageOf({ bundle, metadata, inputs, threads }: Job): string {
  return JSON.stringify([bundle, metadata, inputs, threads]);
}
