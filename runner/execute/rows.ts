import { copyFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTableWriter, digestOfCells, openTable, type ArrowTableWriter } from '../artifact/index.ts';
import { FileList } from '../fingerprint/file-list.ts';
import { canonicalJson, sha256 } from '../fingerprint/hash.ts';
import type { Cells, Columns, RowKind, SourceKind } from '../kind/index.ts';
import { collectEvery, collectGarbage } from '../packed/collect-garbage.ts';
import type { KeptPool } from './kept-pool.ts';
import type { Job, JobFailure, JobMessage, RowCounts } from './job.ts';
import { RowIndexWriter, rowsOfIndex } from './row-index.ts';
import { processPool, type RowPool, threadPool } from './row-pool.ts';
import { RowList, sourceFilesOf } from './row-list.ts';
import type { RowResult } from './row-runner.ts';
import { ReuseSources } from './row-reuse.ts';

/** Small batches: whatever a kill costs is at most one of them a worker. A batch of the table has as many rows. */
const rowsPerBatch = 32;
/** Rows handed to a worker at once. */
const rowsPerTask = 4;
/** With more broken rows than these, the fault is not in the rows. */
const failuresShown = 20;
const failuresBorne = 200;
/** Files left out that are named on the terminal; the artifact names them all. */
const exclusionsShown = 20;

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
  const listed = kind.type === 'source' ? await listSource(job, kind, send) : await listTable(job, kind);
  const rows = job.rows.only === undefined ? listed : listed.only(job.rows.only);
  if (listed.length >= collectEvery) collectGarbage();
  const { reuse, superseded } = await ReuseSources.open(job.rows.reusable, rows);
  // However often a stage is killed, what that leaves on the disk does not add up.
  for (const { table } of superseded) await rm(dirname(dirname(table)), { recursive: true, force: true });
  const missing: number[] = [];
  for (let at = 0; at < rows.length; at += 1) if (!reuse.has(rows.input(at))) missing.push(at);
  const pool =
    missing.length > 0 || reuse.columns === undefined
      ? await startPool(job, kind, missing.length, kept)
      : undefined;
  try {
    const columns = pool?.columns ?? reuse.columns!;
    const notes = pool?.notes ?? [];
    if (notes.length > 0) await writeJson(job, 'notes.json', notes);
    else if (pool === undefined && reuse.notes !== undefined) {
      await copyFile(reuse.notes, join(job.output, 'notes.json'));
    }
    return await writeTable(job, { rows, missing, columns, reuse, pool, send, signal });
  } finally {
    if (job.stay !== true) await kept.close();
    await reuse.close();
  }
}

async function writeTable(
  job: Job,
  parts: {
    readonly rows: RowList;
    /** Places of the rows that were never made. */
    readonly missing: readonly number[];
    readonly columns: Columns;
    readonly reuse: ReuseSources;
    readonly pool: RowPool | undefined;
    readonly send: (message: JobMessage) => void;
    readonly signal: AbortSignal;
  },
): Promise<RowsOutcome> {
  const { rows, missing, columns, reuse, pool, send, signal } = parts;
  const size = job.rows.rowsPerBatch ?? rowsPerBatch;
  const writer = await createTableWriter(join(job.output, 'table.arrow'), columns, {
    metadata: job.metadata,
    rowsPerBatch: size,
  });
  const index = new RowIndexWriter(job.rows.index, size);
  const computed = new ComputedRows(rows, missing, pool);
  const failures: JobFailure[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const changed: string[] = [];
  let done = 0;
  let collected = 0;
  const writeNext = async (at: number): Promise<void> => {
    const row = { id: rows.id(at), input: rows.input(at) };
    const earlier = await reuse.take(row.input);
    const result: RowResult = earlier ?? (await computed.next());
    if (result.ok) {
      await writeRow(writer, index, row, result);
      if (result.changed) changed.push(rows.path(at));
    } else if (job.rows.errors === 'skip') {
      skipped.push({ name: row.id, reason: result.failure.message });
      send({ type: 'warning', message: `${row.id} left out: ${result.failure.message}` });
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
      if (done - collected < collectEvery) continue;
      collectGarbage();
      collected = done;
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
  if (skipped.length > 0) await writeJson(job, 'skipped.json', skipped);
  return {
    rows: { total: rows.length, computed: missing.length, reused: rows.length - missing.length },
    contents: { 'table.arrow': writer.contents() },
    changed,
  };
}

/** Copies the batch that the row at a place begins, where all of it was made before; gives the number of its rows. */
async function copyBatch(
  writer: ArrowTableWriter,
  index: RowIndexWriter,
  { rows, at, reuse }: { readonly rows: RowList; readonly at: number; readonly reuse: ReuseSources },
): Promise<number> {
  // Where rows were left out, those after them stand in other places than before.
  const earlier = writer.count === at ? await reuse.batchAt(rows, at) : undefined;
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
  readonly #missing: readonly number[];
  readonly #pool: RowPool | undefined;
  readonly #underWay: Promise<RowResult[]>[] = [];
  #handedOut = 0;
  #current: RowResult[] = [];

  constructor(rows: RowList, missing: readonly number[], pool: RowPool | undefined) {
    this.#rows = rows;
    this.#missing = missing;
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
    while (this.#underWay.length < 2 * pool.size && this.#handedOut < this.#missing.length) {
      const places = this.#missing.slice(this.#handedOut, this.#handedOut + rowsPerTask);
      const results = pool.run(places.map((at) => this.#rows.task(at)));
      // Its failure is met in `next`; until then it must not count as unhandled.
      results.catch(() => undefined);
      this.#underWay.push(results);
      this.#handedOut += rowsPerTask;
    }
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

async function listSource(job: Job, kind: SourceKind, send: (message: JobMessage) => void): Promise<RowList> {
  const implementation = await kind.load();
  const files = job.rows.files === undefined ? FileList.anywhere() : FileList.fromBytes(job.rows.files);
  const { rows, excluded, warnings } = await implementation.list(sourceFilesOf(files), job.params);
  for (const message of warnings) send({ type: 'warning', message });
  for (const { name, reason } of excluded.slice(0, exclusionsShown)) {
    send({ type: 'warning', message: `${name} left out: ${reason}` });
  }
  const more = excluded.length - exclusionsShown;
  if (more > 0) send({ type: 'warning', message: `${more} more left out, all named in excluded.json` });
  await writeJson(job, 'excluded.json', excluded);
  return RowList.ofSource(rows, files, (row) =>
    sha256(canonicalJson([row.id, row.file.digest, row.attributes ?? null])),
  );
}

async function listTable(job: Job, kind: RowKind): Promise<RowList> {
  const index = job.inputs[kind.input][0].index;
  return RowList.ofTable(index === undefined ? rowsOfTable(inputTable(job, kind)) : inputsOfIndex(index));
}

function* inputsOfIndex(index: string): Generator<{ id: string; input: string }> {
  for (const { id, content } of rowsOfIndex(index)) yield { id, input: content };
}

/** A stage that is no row stage may have written any digests: what counts is what the rows hold. */
async function* rowsOfTable(path: string): AsyncGenerator<{ id: string; input: string }> {
  const table = await openTable(path);
  try {
    for await (const { row } of table.rows()) {
      yield { id: row.id, input: digestOfCells(row.id, table.columns, row.cells) };
    }
  } finally {
    await table.close();
  }
}

function inputTable(job: Job, kind: RowKind): string {
  const input = job.inputs[kind.input][0];
  const path = input.files['table.arrow'];
  if (path === undefined) throw new Error(`${input.stage} has no table.arrow`);
  return path;
}

async function writeJson(job: Job, name: string, value: unknown): Promise<void> {
  await writeFile(join(job.output, name), `${JSON.stringify(value, null, 2)}\n`);
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
