import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { openTable, type TableFile } from '../artifact/index.ts';
import { PipelineError } from '../errors.ts';
import { inspectDocument } from './inspect-document.ts';
import { inspectRow } from './inspect-row.ts';
import { inspectTable } from './inspect-table.ts';
import type { DocumentInspection, FileInspection, Inspection, TableInspection } from './inspection.ts';

export interface InspectionOptions {
  /** Only the row with this id is looked at. */
  readonly row?: string;
}

/**
 * Looks at an artifact: a folder, or one file of it.
 *
 * @throws PipelineError where there is nothing at the path, or no row with the id.
 * @throws StageFailure where a table is damaged.
 */
export async function inspectPath(path: string, options: InspectionOptions = {}): Promise<Inspection> {
  const { folder, files } = await listFiles(path);
  if (options.row !== undefined) {
    const row = await withTableOfRows(path, (name, table) => inspectRow(name, table, options.row!));
    return { path, files, tables: [], documents: [], row };
  }
  const tables: TableInspection[] = [];
  const documents: DocumentInspection[] = [];
  for (const { name } of files) {
    const file = join(folder, name);
    if (extname(name) === '.arrow') tables.push(await withTable(file, (table) => inspectTable(name, table)));
    // Those in folders of their own, such as a model's, are parts of something else.
    if (extname(name) === '.json' && !name.includes('/'))
      documents.push(inspectDocument(name, await readJson(file)));
  }
  return { path, files, tables, documents };
}

/** Uses the table whose rows are meant where a folder or a table is named: `table.arrow`, or the only one. */
export async function withTableOfRows<Result>(
  path: string,
  use: (name: string, table: TableFile) => Promise<Result>,
): Promise<Result> {
  const { folder, files } = await listFiles(path);
  const tables = files.map(({ name }) => name).filter((name) => extname(name) === '.arrow');
  const name = tables.includes('table.arrow') || tables.length !== 1 ? 'table.arrow' : tables[0];
  if (!tables.includes(name)) {
    const hint = tables.length === 0 ? 'only tables (.arrow) have rows' : `name one: ${tables.join(', ')}`;
    throw new PipelineError([{ message: 'there is no table.arrow', place: { file: path }, hint }], 2);
  }
  return withTable(join(folder, name), (table) => use(name, table));
}

async function listFiles(path: string): Promise<{ folder: string; files: FileInspection[] }> {
  const found = await stat(path).catch(() => {
    throw new PipelineError(
      [
        {
          message: 'there is no such stage, file or folder',
          place: { file: path },
          hint: 'name a stage that has run, or a path such as artifacts/mfcc/table.arrow',
        },
      ],
      2,
    );
  });
  if (!found.isDirectory())
    return { folder: dirname(path), files: [{ name: basename(path), bytes: found.size }] };
  const entries = await readdir(path, { recursive: true });
  const sizes = await Promise.all(
    entries.map(async (name) => {
      const entry = await stat(join(path, name));
      return entry.isFile() ? [{ name: name.replaceAll('\\', '/'), bytes: entry.size }] : [];
    }),
  );
  return { folder: path, files: sizes.flat().sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

async function withTable<Result>(file: string, use: (table: TableFile) => Promise<Result>): Promise<Result> {
  const table = await openTable(file);
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new PipelineError(
      [
        {
          message: `no JSON: ${(error as Error).message}`,
          place: { file },
          hint: '`pipeline verify` finds damage',
        },
      ],
      1,
    );
  }
}
