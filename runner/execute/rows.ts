import { copyFile, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTableWriter, type ArrowTableWriter } from '../artifact/index.ts';
import { sha256 } from '../fingerprint/hash.ts';
import type { Cells, Columns, RowKind, SourceKind } from '../kind/index.ts';
import { keepHeapSmall, keepHeapSmallFor } from '../packed/small-heap.ts';
import { printableName } from '../printable.ts';
import type { KeptPool } from './kept-pool.ts';
import type { Job, JobFailure, JobMessage, RowCounts } from './job.ts';
import { inputTable, listRows, spillOf } from './list-rows.ts';
import { RowIndexWriter } from './row-index.ts';
import { processPool, type RowPool, threadPool } from './row-pool.ts';
import type { RowList } from './row-list.ts';
import type { RowResult, RowTask } from './row-runner.ts';
import { ReuseSources } from './row-reuse.ts';
import { writeJson } from './write-json.ts';

/** Small batches: whatever a kill costs is at most one of them a worker. A batch of the table has as many rows. */
const rowsPerBatch = 32;
/** Rows handed to a worker at once. */
const rowsPerTask = 4;
/** With more broken rows than these, the fault is not in the rows. */
const failuresShown = 20;
const failuresBorne = 200;

/** Rows of a stage that failed, one by one, and at the end how many. */
export class RowFailures extends Error {
  readonly failures: readonly JobFailure[];

  constructor(failures: readonly JobFailure[], rows: number) {
    const more = failures.length > failuresShown ? `; the first ${failuresShown} are above` : '';
    super(`${failures.length} of ${rows} rows failed${more}`);
    const hint = 'Mend them, or leave them out by name with "rowErrors: skip" of the stage in pipeline.yaml.';
    this.failures = [...failures.slice(0, failuresShown), { message: this.message, hint }];
  }
}

export interface RowsOutcome {
  readonly rows: RowCounts;
  readonly contents: Readonly<Record<string, string>>;
  readonly changed: readonly string[];
}

/**
 * Runs a row stage: takes what it can from earlier tables, computes the rest on a pool, and writes all in the order of
 * the input. The table is written as it grows, with an index beside it, so that whatever ends this process leaves
 * finished rows behind.
 *
 * @param kept where the pool is from or goes to, where another part of the same stage was before or is to come.
 */
export async function runRows(
  job: Job,
  kind: RowKind | SourceKind,
  kept: KeptPool,
  send: (message: JobMessage) => void,
  signal: AbortSignal,
): Promise<RowsOutcome> {
  keepHeapSmall();
  const listed = await listRows(job, kind, send);
  const rows = job.rows.only === undefined ? listed : listed.only(job.rows.only);
  keepHeapSmallFor(listed.length);
  const { reuse, superseded } = await ReuseSources.open(job.rows.reusable, rows, spillOf(job));
  // However often a stage is killed, what that leaves on the disk does not add up.
  for (const { table } of superseded) await rm(dirname(dirname(table)), { recursive: true, force: true });
  const isMissing = (at: number): boolean => !reuse.has(at);
  let missing = 0;
  for (let at = 0; at < rows.length; at += 1) if (isMissing(at)) missing += 1;
  const pool =
    missing > 0 || reuse.columns === undefined ? await startPool(job, kind, missing, kept) : undefined;
  try {
    const columns = pool?.columns ?? reuse.columns!;
    const notes = pool?.notes ?? [];
    if (notes.length > 0) await writeJson(job, 'notes.json', notes);
    else if (pool === undefined && reuse.notes !== undefined) {
      await copyFile(reuse.notes, join(job.output, 'notes.json'));
    }
    return await writeTable(job, { rows, missing, isMissing, columns, reuse, pool, send, signal });
  } finally {
    if (job.stay !== true) await kept.close();
    await reuse.close();
  }
}

async function writeTable(
  job: Job,
  parts: {
    readonly rows: RowList;
    /** How many rows were never made, and whether the one at a place is among them. */
    readonly missing: number;
    readonly isMissing: (at: number) => boolean;
    readonly columns: Columns;
    readonly reuse: ReuseSources;
    readonly pool: RowPool | undefined;
    readonly send: (message: JobMessage) => void;
    readonly signal: AbortSignal;
  },
): Promise<RowsOutcome> {
  const { rows, missing, isMissing, columns, reuse, pool, send, signal } = parts;
  const size = job.rows.rowsPerBatch ?? rowsPerBatch;
  const writer = await createTableWriter(join(job.output, 'table.arrow'), columns, {
    metadata: job.metadata,
    rowsPerBatch: size,
    distinctIds: true,
  });
  const index = new RowIndexWriter(job.rows.index, size);
  const computed = new ComputedRows(rows, isMissing, pool);
  const failures: JobFailure[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const changed: string[] = [];
  let done = 0;
  const writeNext = async (at: number): Promise<void> => {
    const row = { id: rows.id(at), input: rows.input(at) };
    const earlier = await reuse.take(at);
    const result: RowResult = earlier ?? (await computed.next());
    if (result.ok) {
      await writeRow(writer, index, row, result);
      if (result.changed) changed.push(rows.path(at));
    } else if (job.rows.errors === 'skip') {
      skipped.push({ name: row.id, reason: result.failure.message });
      send({ type: 'warning', message: `${printableName(row.id)} left out: ${result.failure.message}` });
    } else failures.push(result.failure);
  };
  const report = throttled(() => {
    send({ type: 'progress', done, total: rows.length, unit: 'rows' });
  });
  try {
    while (done < rows.length && !signal.aborted && failures.length < failuresBorne) {
      const copied = await copyBatch(writer, index, { rows, at: done, reuse });
      if (copied === 0) await writeNext(done);
      done += Math.max(1, copied);
      report();
    }
    // Closed also where rows failed or the stage was interrupted: those that are done serve the next attempt.
    await writer.close();
    index.flush();
    signal.throwIfAborted();
    if (failures.length > 0) throw new RowFailures(failures, rows.length);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  send({ type: 'progress', done, total: rows.length, unit: 'rows' });
  const leftOut = [...(await leftOutBefore(job)), ...skipped];
  if (leftOut.length > 0) await writeJson(job, 'skipped.json', leftOut);
  return {
    rows: { total: rows.length, computed: missing, reused: rows.length - missing },
    contents: { 'table.arrow': writer.contents() },
    changed,
  };
}

/** Rows that the stages before have left out: the list goes with the rows, so that whatever reads these knows of them. */
async function leftOutBefore(job: Job): Promise<readonly unknown[]> {
  const lists = Object.values(job.inputs).flatMap((inputs) =>
    inputs.flatMap(({ files }) => files['skipped.json'] ?? []),
  );
  const texts = await Promise.all(lists.map((list) => readFile(list, 'utf8')));
  return texts.flatMap((text) => JSON.parse(text) as readonly unknown[]);
}

/** Copies the batch that the row at a place begins, where all of it was made before; gives the number of its rows. */
async function copyBatch(
  writer: ArrowTableWriter,
  index: RowIndexWriter,
  { rows, at, reuse }: { readonly rows: RowList; readonly at: number; readonly reuse: ReuseSources },
): Promise<number> {
  // Where rows were left out, those after them stand in other places than before.
  const earlier = writer.count === at ? await reuse.batchAt(at) : undefined;
  if (earlier === undefined) return 0;
  const { batch, contents } = earlier;
  const copied = contents.map((content, next) => ({
    id: rows.id(at + next),
    digest: rows.input(at + next),
    content,
  }));
  if (!(await writer.copy(batch, copied, at + copied.length === rows.length))) return 0;
  for (const { id, digest, content } of copied) index.add({ id, input: digest, content });
  return copied.length;
}

async function writeRow(
  writer: ArrowTableWriter,
  index: RowIndexWriter,
  row: { readonly id: string; readonly input: string },
  { cells, content, changed }: { cells: Cells; content: string; changed: boolean },
): Promise<void> {
  await writer.write(row.id, cells, row.input, content);
  // A row of a file that changed meanwhile was not made from what its digest says: nobody may take it for that.
  const input = changed ? sha256(`changed ${row.input}`) : row.input;
  index.add({ id: row.id, input, content });
}

/** Results of the rows to be computed, in order, with a bounded number of batches under way. */
class ComputedRows {
  readonly #rows: RowList;
  readonly #isMissing: (at: number) => boolean;
  readonly #pool: RowPool | undefined;
  readonly #underWay: Promise<RowResult[]>[] = [];
  /** The place after that of the last row handed out. */
  #next = 0;
  #current: RowResult[] = [];

  constructor(rows: RowList, isMissing: (at: number) => boolean, pool: RowPool | undefined) {
    this.#rows = rows;
    this.#isMissing = isMissing;
    this.#pool = pool;
  }

  async next(): Promise<RowResult> {
    if (this.#current.length === 0) {
      this.#fill();
      this.#current = await this.#underWay.shift()!;
      this.#fill();
    }
    return this.#current.shift()!;
  }

  #fill(): void {
    const pool = this.#pool;
    if (pool === undefined) return;
    while (this.#underWay.length < 2 * pool.size) {
      const tasks = this.#nextTasks();
      if (tasks.length === 0) return;
      const results = pool.run(tasks);
      // Its failure is met in `next`; until then it must not count as unhandled.
      results.catch(() => undefined);
      this.#underWay.push(results);
    }
  }

  #nextTasks(): RowTask[] {
    const tasks: RowTask[] = [];
    for (; tasks.length < rowsPerTask && this.#next < this.#rows.length; this.#next += 1) {
      if (this.#isMissing(this.#next)) tasks.push(this.#rows.task(this.#next));
    }
    return tasks;
  }
}

async function startPool(
  job: Job,
  kind: RowKind | SourceKind,
  missing: number,
  kept: KeptPool,
): Promise<RowPool> {
  const whole = kind.parallel === 'process';
  const table = kind.type === 'source' ? null : inputTable(job, kind);
  const options = { bundle: job.bundle, params: job.params, table, threads: whole ? job.threads : 1 };
  // A thread takes longer to start than a few rows take.
  const size = whole ? 1 : Math.min(job.threads, Math.ceil(missing / rowsPerTask));
  return kept.take(options, size, () => (size > 1 ? threadPool(size, options) : processPool(options)));
}

/** At most ten reports a second: progress is for eyes. */
function throttled(report: () => void): () => void {
  let last = 0;
  return () => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    report();
  };
}
