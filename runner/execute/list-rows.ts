import { dirname } from 'node:path';
import { digestOfCells, openTable, repeatedId } from '../artifact/index.ts';
import { FileList } from '../fingerprint/file-list.ts';
import { canonicalJson, sha256 } from '../fingerprint/hash.ts';
import type { RowKind, SourceKind, SourceRow } from '../kind/index.ts';
import { keepHeapSmallFor } from '../packed/small-heap.ts';
import { printableName } from '../printable.ts';
import type { Job, JobMessage } from './job.ts';
import { rowsOfIndex } from './row-index.ts';
import { RowList } from './row-list.ts';
import { ListedSourceFiles } from './source-files.ts';
import { writeJson } from './write-json.ts';

/** Files left out that are named on the terminal; the artifact names them all. */
const exclusionsShown = 20;

/** The rows that a row stage is to make, all of different ids. */
export function listRows(
  job: Job,
  kind: RowKind | SourceKind,
  send: (message: JobMessage) => void,
): Promise<RowList> {
  return kind.type === 'source' ? listSource(job, kind, send) : listTable(job, kind);
}

async function listSource(job: Job, kind: SourceKind, send: (message: JobMessage) => void): Promise<RowList> {
  const implementation = await kind.load();
  const files = job.rows.files === undefined ? FileList.empty() : FileList.open(job.rows.files);
  keepHeapSmallFor(files.length);
  const listing = await implementation.list(new ListedSourceFiles(files), job.params);
  const digestOf = (row: SourceRow): string =>
    sha256(canonicalJson([row.id, row.file.digest, row.attributes ?? null]));
  const rows = RowList.ofSource(listing.rows, files, digestOf, spillOf(job));
  for (const message of listing.warnings) send({ type: 'warning', message });
  const reason = 'its name is not UTF-8; rename it';
  const excluded = [
    ...(job.rows.files?.leftOut ?? []).map((name) => ({ name, reason })),
    ...listing.excluded,
  ];
  for (const { name, reason } of excluded.slice(0, exclusionsShown)) {
    send({ type: 'warning', message: `${printableName(name)} left out: ${reason}` });
  }
  const more = excluded.length - exclusionsShown;
  if (more > 0) send({ type: 'warning', message: `${more} more left out, all named in excluded.json` });
  await writeJson(job, 'excluded.json', excluded);
  return withDistinctIds(rows);
}

async function listTable(job: Job, kind: RowKind): Promise<RowList> {
  const index = job.inputs[kind.input][0].index;
  // Those of a row stage were looked at when it listed them.
  if (index !== undefined) return RowList.ofTable(inputsOfIndex(index), spillOf(job));
  return withDistinctIds(await RowList.ofTable(rowsOfTable(inputTable(job, kind)), spillOf(job)));
}

function withDistinctIds(rows: RowList): RowList {
  const repeated = rows.repeatedId();
  if (repeated !== undefined) throw repeatedId(repeated);
  return rows;
}

/** The folder of the attempt, for lists that do not fit into memory. */
export function spillOf(job: Job): string {
  return dirname(job.rows.index);
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

export function inputTable(job: Job, kind: RowKind): string {
  const input = job.inputs[kind.input][0];
  const path = input.files['table.arrow'];
  if (path === undefined) throw new Error(`${input.stage} has no table.arrow`);
  return path;
}
