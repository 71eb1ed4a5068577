import type { RowPool } from './row-pool.ts';
import type { RowRunnerOptions } from './row-runner.ts';

/**
 * The row functions of a row stage, which stay set up from one part of the stage to the next: setting up may load a
 * model, which takes seconds. A row does not depend on those before it, so it is all the same which function computes it.
 */
export class KeptPool {
  #kept: { readonly for: string; readonly pool: RowPool } | undefined;

  /** The pool of an earlier part, if it is for the same and as large as is asked for; else what `start` makes. */
  async take(options: RowRunnerOptions, size: number, start: () => Promise<RowPool>): Promise<RowPool> {
    const wanted = JSON.stringify(options);
    if (this.#kept !== undefined && (this.#kept.for !== wanted || this.#kept.pool.size < size)) {
      await this.close();
    }
    this.#kept ??= { for: wanted, pool: await start() };
    return this.#kept.pool;
  }

  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.pool.close();
  }
}
