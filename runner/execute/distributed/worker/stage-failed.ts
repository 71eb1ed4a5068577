import type { JobFailure } from '../../job.ts';

/** The stage's own failure: on any worker it would fail so. */
export class StageFailed extends Error {
  override readonly name = 'StageFailed';
  readonly failures: readonly JobFailure[];
  /** The last lines it printed. */
  readonly output: readonly string[];

  constructor(failures: readonly JobFailure[], output: readonly string[]) {
    super(failures[0]?.message ?? 'it failed');
    this.failures = failures;
    this.output = output;
  }
}
