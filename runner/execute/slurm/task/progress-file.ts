import type { Progress } from '../../distributed/tasks.ts';
import type { Submission, SubmittedStage } from '../submission.ts';

const pauseMilliseconds = 2000;

/** Tells the client how far a job is: seldom, since a file system that many nodes share takes it. */
export class ProgressFile {
  readonly #submission: Submission;
  readonly #stage: SubmittedStage;
  readonly #label: string;
  #last: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(submission: Submission, stage: SubmittedStage, label: string) {
    this.#submission = submission;
    this.#stage = stage;
    this.#label = label;
  }

  note(progress: Progress): void {
    this.#last = progress;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, pauseMilliseconds);
  }

  /** Writes what is left to be told. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    const progress = this.#last;
    if (progress === undefined) return;
    this.#last = undefined;
    // That it cannot be written is no reason to give up the work.
    this.#writing = this.#writing
      .then(() => this.#submission.writeProgress(this.#stage, this.#label, progress))
      .catch(() => undefined);
  }
}
