import { Worker } from 'node:worker_threads';
import type { Columns } from '../kind/index.ts';
import type { JobFailure } from './job.ts';
import { RowRunner, type RowResult, type RowRunnerOptions, type RowTask } from './row-runner.ts';

/** Computes rows somewhere. */
export interface RowPool {
  readonly columns: Columns;
  readonly notes: readonly string[];
  /** How many batches may be under way at once. */
  readonly size: number;
  run(tasks: readonly RowTask[]): Promise<RowResult[]>;
  close(): Promise<void>;
}

/** A setup that failed: the stage cannot start. */
export class SetupFailure extends Error {
  readonly failure: JobFailure;

  constructor(failure: JobFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** One row function in this very process, for kinds that use all their threads for one row. */
export async function processPool(options: RowRunnerOptions): Promise<RowPool> {
  const runner = await RowRunner.create(options);
  return {
    columns: runner.columns,
    notes: runner.notes,
    size: 1,
    run: (tasks) => runner.run(tasks),
    close: () => runner.close(),
  };
}

/** `size` worker threads, each with a row function of its own. */
export async function threadPool(size: number, options: RowRunnerOptions): Promise<RowPool> {
  const workers = await Promise.all(Array.from({ length: size }, () => RowThread.start(options)));
  const idle = [...workers];
  const waiting: ((worker: RowThread) => void)[] = [];
  const take = (): RowThread | Promise<RowThread> =>
    idle.pop() ?? new Promise((resolve) => waiting.push(resolve));
  return {
    columns: workers[0].columns,
    notes: workers[0].notes,
    size,
    async run(tasks) {
      const worker = await take();
      try {
        return await worker.run(tasks);
      } finally {
        const next = waiting.shift();
        if (next === undefined) idle.push(worker);
        else next(worker);
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

type Reply =
  | { readonly type: 'ready'; readonly columns: Columns; readonly notes: readonly string[] }
  | { readonly type: 'failed'; readonly failure: JobFailure }
  | { readonly type: 'results'; readonly results: RowResult[] };

class RowThread {
  readonly columns: Columns;
  readonly notes: readonly string[];
  readonly #worker: Worker;
  readonly #ended: Promise<unknown>;

  private constructor(worker: Worker, columns: Columns, notes: readonly string[]) {
    this.#worker = worker;
    // From the start: one that has ended by its own fault is closed too.
    this.#ended = new Promise((resolve) => worker.once('exit', resolve));
    this.columns = columns;
    this.notes = notes;
  }

  static async start(options: RowRunnerOptions): Promise<RowThread> {
    const worker = new Worker(new URL('./row-worker.js', import.meta.url), { workerData: options });
    const reply = await nextReply(worker);
    if (reply.type === 'failed') throw new SetupFailure(reply.failure);
    if (reply.type !== 'ready') throw new Error(`a worker began with ${reply.type}`);
    return new RowThread(worker, reply.columns, reply.notes);
  }

  async run(tasks: readonly RowTask[]): Promise<RowResult[]> {
    this.#worker.postMessage({ type: 'run', tasks });
    const reply = await nextReply(this.#worker);
    if (reply.type !== 'results') throw new Error(`a worker answered a batch with ${reply.type}`);
    return reply.results;
  }

  async close(): Promise<void> {
    this.#worker.postMessage({ type: 'close' });
    await this.#ended;
  }
}

/** The worker's next message; rejects where the thread ends instead. */
function nextReply(worker: Worker): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (reply: Reply): void => {
      settle();
      resolve(reply);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    const onExit = (code: number): void => {
      settle();
      reject(new Error(`a worker thread ended with code ${code}`));
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
