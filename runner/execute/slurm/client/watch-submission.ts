import { copyFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Emit } from '../../../events.ts';
import type { JobFailure } from '../../job.ts';
import type { RoundState, RoundWatch, WatchedEnd } from '../../distributed/client/round.ts';
import {
  type FailedAttempt,
  type StageJobs,
  type Submission,
  type Submitted,
  type SubmittedStage,
  wholeStage,
} from '../submission.ts';
import { seenWithinMilliseconds } from '../eventually.ts';
import { forgottenJob, lastLines, lostJob } from './lost-job.ts';
import { askQueue, isAlive, type QueuedJob } from './queue.ts';
import { deadJob, QueueView } from './queue-view.ts';
import { StageRecords } from './stage-records.ts';
import { cancelJobs, idsOf } from './submit.ts';

const lookMilliseconds = 1000;
const firstPollMilliseconds = 2000;
/** A job that has ended badly is asked for once more before that is believed: what it told may be on its way here. */
const suspicionMilliseconds = 3000;

interface WatchedStage {
  readonly stage: SubmittedStage;
  readonly jobs: StageJobs;
  readonly records: StageRecords;
  readonly queue: QueueView;
  readonly ended: Promise<WatchedEnd>;
  readonly settle: (end: WatchedEnd) => void;
  end: WatchedEnd | undefined;
  begun: boolean;
  shown: string;
  /** Since when its jobs have been over without a result. */
  silentSince: number | undefined;
  suspect: boolean;
}

export interface WatchOptions {
  readonly submission: Submission;
  readonly submitted: Submitted;
  readonly jobs: ReadonlyMap<string, StageJobs>;
  readonly workspace: string;
  readonly keepGoing: boolean;
  readonly pollMilliseconds: number;
  /** Where the output of a stage is to be found, for its events. */
  readonly log: (stage: string) => string;
  readonly emit: Emit;
}

/**
 * Follows a submission: by what its jobs tell in its folder, and by asking Slurm, once for all jobs together, what has
 * become of those that tell nothing.
 */
export class SubmissionWatch implements RoundWatch {
  readonly name: string;
  readonly ids: readonly string[];
  readonly over: Promise<void>;
  readonly #options: WatchOptions;
  readonly #stages: ReadonlyMap<string, WatchedStage>;
  readonly #stop = new AbortController();
  #state: RoundState = 'running';
  #nextPoll = performance.now() + firstPollMilliseconds;
  #awayTold = false;

  constructor(name: string, options: WatchOptions) {
    this.name = name;
    this.#options = options;
    const { submission, submitted, jobs } = options;
    this.ids = idsOf(jobs.values());
    this.#stages = new Map(
      submitted.stages.map((stage) => {
        const { promise, settle } = deferred();
        const watched: WatchedStage = {
          stage,
          jobs: jobs.get(stage.name)!,
          records: new StageRecords(submission, stage),
          queue: new QueueView(),
          ended: promise,
          settle,
          end: undefined,
          begun: false,
          shown: '',
          silentSince: undefined,
          suspect: false,
        };
        return [stage.name, watched];
      }),
    );
    this.over = this.#follow();
  }

  get state(): RoundState {
    return this.#state;
  }

  makes(stage: string): boolean {
    return this.#stages.has(stage);
  }

  end(stage: string): Promise<WatchedEnd> {
    return this.#stages.get(stage)?.ended ?? Promise.resolve({ type: 'left' });
  }

  async leave(): Promise<void> {
    this.#stop.abort();
    await this.over;
  }

  async cancel(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    const trouble = await cancelJobs(this.ids);
    if (trouble !== undefined) throw new Error(trouble);
    this.#state = 'cancelled';
    await this.leave();
    while (performance.now() < until) {
      const answer = await askQueue(this.ids);
      if (answer.type === 'away' || !answer.jobs.some(isAlive)) return;
      await wait(lookMilliseconds);
    }
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted && this.#open().length > 0) {
      for (const watched of this.#open()) await this.#look(watched);
      if (performance.now() >= this.#nextPoll && this.#open().length > 0) await this.#ask();
      if (this.#open().length === 0) break;
      await wait(lookMilliseconds, undefined, { signal }).catch(() => undefined);
    }
    for (const watched of this.#open(false)) this.#end(watched, { type: 'left' });
    if (signal.aborted) return;
    const failed = [...this.#stages.values()].some(({ end }) => end?.type !== 'done');
    this.#state = failed ? 'failed' : 'finished';
  }

  /** Stages that have not ended; by default only those whose inputs are there, since of others there is no word. */
  #open(ready = true): WatchedStage[] {
    return [...this.#stages.values()].filter(
      ({ end, stage }) =>
        end === undefined &&
        (!ready ||
          stage.needs.every((name) => {
            const from = this.#stages.get(name);
            return from === undefined || from.end?.type === 'done';
          })),
    );
  }

  /** Takes in what the jobs of a stage have told. */
  async #look(watched: WatchedStage): Promise<void> {
    const { stage, records } = watched;
    watched.begun ||= records.begun;
    if (!watched.begun) return;
    for (const failure of records.newFailures()) {
      if (failure.retrying) this.#tellRetry(stage, failure);
      else {
        await this.#failed(watched, failure);
        return;
      }
    }
    const result = records.result();
    if (result !== undefined) {
      this.#end(watched, { type: 'done', result });
      return;
    }
    const progress = records.progress();
    const text = JSON.stringify(progress);
    if (progress === undefined || text === watched.shown) return;
    watched.shown = text;
    this.#options.emit({ type: 'stage-progress', stage: stage.name, ...progress });
  }

  /** Asks Slurm what has become of all jobs. */
  async #ask(): Promise<void> {
    const open = this.#open();
    const answer = await askQueue(idsOf(open.map(({ jobs }) => jobs)));
    this.#nextPoll = performance.now() + this.#options.pollMilliseconds;
    if (answer.type === 'away') {
      this.#tellAway(answer.text);
      return;
    }
    this.#awayTold = false;
    for (const watched of open) {
      const own = answer.jobs.filter(({ job }) => job === watched.jobs.array || job === watched.jobs.final);
      watched.begun ||= own.some(({ state }) => state !== 'PENDING');
      for (const message of watched.queue.take(own)) {
        this.#options.emit({ type: 'notice', stage: watched.stage.name, message });
      }
      await this.#judge(watched, own);
    }
  }

  /** Ends a stage whose jobs can tell nothing any more. */
  async #judge(watched: WatchedStage, own: readonly QueuedJob[]): Promise<void> {
    const { workspace } = this.#options;
    const dead = deadJob(own);
    if (dead !== undefined) {
      if (watched.suspect) {
        await this.#look(watched);
        if (watched.end === undefined)
          await this.#lost(watched, dead.task, (printed) => lostJob(dead, { printed, workspace }));
      } else {
        watched.suspect = true;
        this.#nextPoll = performance.now() + suspicionMilliseconds;
      }
      return;
    }
    watched.suspect = false;
    if (own.some(isAlive)) {
      watched.silentSince = undefined;
      return;
    }
    // All have ended well, or are forgotten.
    const since = (watched.silentSince ??= performance.now());
    if (performance.now() - since > seenWithinMilliseconds) {
      await this.#lost(watched, undefined, () => forgottenJob(watched.jobs.final));
    }
  }

  async #lost(
    watched: WatchedStage,
    task: string | undefined,
    why: (printed: readonly string[]) => JobFailure,
  ): Promise<void> {
    const log = this.#options.submission.logOf(watched.stage, task ?? wholeStage);
    const output = lastLines(log);
    await this.#failed(watched, { failures: [why(output)], output, attempt: 1, log });
  }

  /** Ends what cannot succeed any more; what of other stages has not begun is not to begin, unless that is wanted. */
  async #failed(
    watched: WatchedStage,
    { failures, output, attempt, log }: Pick<FailedAttempt, 'failures' | 'output' | 'attempt' | 'log'>,
  ): Promise<void> {
    const { stage, jobs } = watched;
    if (log !== undefined) await this.#showLog(stage.name, log);
    this.#end(watched, { type: 'failed', failures, output, attempt, retrying: false });
    const ended = [jobs];
    if (!this.#options.keepGoing) {
      for (const other of this.#open(false)) {
        if (other.begun) continue;
        ended.push(other.jobs);
        this.#end(other, { type: 'left' });
      }
    }
    const trouble = await cancelJobs(idsOf(ended));
    if (trouble !== undefined) {
      this.#options.emit({
        type: 'notice',
        message: `what is left of it could not be cancelled: ${trouble}`,
      });
    }
  }

  /** Puts what the job printed where a local run would have written it. */
  async #showLog(stage: string, log: string): Promise<void> {
    const target = this.#options.log(stage);
    try {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(log, target);
    } catch {
      // What it printed last is told all the same.
    }
  }

  #tellRetry({ name }: SubmittedStage, { failures, output, attempt }: FailedAttempt): void {
    const problems = failures.map(({ message }) => ({ stage: name, message }));
    const log = this.#options.log(name);
    this.#options.emit({ type: 'stage-failed', stage: name, problems, output, log, attempt, retrying: true });
  }

  #tellAway(text: string): void {
    if (this.#awayTold) return;
    this.#awayTold = true;
    this.#options.emit({ type: 'notice', message: `Slurm does not answer; waiting for it (${text})` });
  }

  #end(watched: WatchedStage, end: WatchedEnd): void {
    watched.end = end;
    watched.settle(end);
  }
}

function deferred(): { promise: Promise<WatchedEnd>; settle: (end: WatchedEnd) => void } {
  let settle!: (end: WatchedEnd) => void;
  const promise = new Promise<WatchedEnd>((resolve) => (settle = resolve));
  return { promise, settle };
}
