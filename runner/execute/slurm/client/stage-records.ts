import type { Progress, StageResult } from '../../distributed/tasks.ts';
import { type FailedAttempt, type Submission, type SubmittedStage, wholeStage } from '../submission.ts';

/** What the jobs of one stage have told so far. */
export class StageRecords {
  readonly #submission: Submission;
  readonly #stage: SubmittedStage;
  readonly #seen = new Set<string>();
  /** Tasks that told of their last row. */
  readonly #finished = new Map<string, Progress>();

  constructor(submission: Submission, stage: SubmittedStage) {
    this.#submission = submission;
    this.#stage = stage;
  }

  /** Whether a job of the stage has told anything. */
  get begun(): boolean {
    return this.#submission.names(this.#stage).length > 0;
  }

  /** Failures that were not there when it was asked last. */
  newFailures(): FailedAttempt[] {
    const failures: FailedAttempt[] = [];
    for (const name of this.#submission.names(this.#stage)) {
      if (!name.startsWith('failed-') || this.#seen.has(name)) continue;
      const failure = this.#submission.document<FailedAttempt>(this.#stage, name);
      if (failure === undefined) continue;
      this.#seen.add(name);
      failures.push(failure);
    }
    // Of several that failed, whoever tries again is told of first.
    return failures.sort((a, b) => Number(b.retrying) - Number(a.retrying) || a.attempt - b.attempt);
  }

  result(): StageResult | undefined {
    return this.#submission.result(this.#stage);
  }

  /** How far the stage is; undefined where nothing is known of that. */
  progress(): Progress | undefined {
    const rows = this.#submission.rows(this.#stage);
    const names = this.#submission.names(this.#stage).filter((name) => name.startsWith('progress-'));
    const whole = `progress-${wholeStage}.json`;
    // The job that computes few rows counts those that it takes over too.
    if (names.includes(whole) && (this.#stage.tasks === undefined || rows?.missing === 0)) {
      return this.#submission.document(this.#stage, whole);
    }
    if (rows === undefined) return undefined;
    let done = rows.total - rows.missing;
    for (const name of names) if (name !== whole) done += this.#ofTask(name)?.done ?? 0;
    return { done: Math.min(done, rows.total), total: rows.total, unit: 'rows' };
  }

  #ofTask(name: string): Progress | undefined {
    const finished = this.#finished.get(name);
    if (finished !== undefined) return finished;
    const progress = this.#submission.document<Progress>(this.#stage, name);
    if (progress !== undefined && progress.done === progress.total) this.#finished.set(name, progress);
    return progress;
  }
}
