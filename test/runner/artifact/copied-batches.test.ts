import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTableWriter, digestOfCells, openTable } from '../../../runner/artifact/index.ts';
import type { Columns } from '../../../runner/kind/index.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { type ArbitraryTable, arbitraryTable } from './arbitrary-table.ts';

const folder = useTemporaryFolder();
const from = (): string => folder.file('from.arrow');
const to = (): string => folder.file('to.arrow');

async function write(path: string, { columns, rows }: ArbitraryTable, rowsPerBatch: number, stage: string) {
  const writer = await createTableWriter(path, columns, { metadata: { stage }, rowsPerBatch });
  for (const { id, cells } of rows) await writer.write(id, cells);
  await writer.close();
  return writer.contents();
}

/** A table of texts called a, b, c, …, in batches of two. */
async function texts(path: string, count: number): Promise<void> {
  const columns: Columns = { text: { type: 'utf8' } };
  const rows = Array.from({ length: count }, (_, at) => String.fromCharCode(97 + at));
  await write(path, { columns, rows: rows.map((id) => ({ id, cells: { text: `${id}${id}` } })) }, 2, 'from');
}

function toldOf(columns: Columns, { id, cells }: ArbitraryTable['rows'][number]) {
  const content = digestOfCells(id, columns, cells);
  return { id, digest: content, content };
}

describe('a batch of another table', () => {
  it('gives the bytes that its rows one by one would give', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTable,
        fc.integer({ min: 1, max: 6 }),
        fc.func(fc.boolean()),
        async (table, rowsPerBatch, copies) => {
          const { columns, rows } = table;
          await write(from(), table, rowsPerBatch, 'from');
          const contents = await write(folder.file('expected.arrow'), table, rowsPerBatch, 'another');
          const source = await openTable(from());
          const metadata = { stage: 'another' };
          const writer = await createTableWriter(to(), columns, { metadata, rowsPerBatch });
          for (let at = 0; at < rows.length; at += rowsPerBatch) {
            const told = rows.slice(at, at + rowsPerBatch).map((row) => toldOf(columns, row));
            if (copies(at)) {
              const batch = (await source.batchAt(at))!;
              expect(await writer.copy(batch, told, at + told.length === rows.length)).toBe(true);
            } else {
              for (const { id, cells } of rows.slice(at, at + rowsPerBatch)) await writer.write(id, cells);
            }
          }
          await writer.close();
          await source.close();
          expect(writer.count).toBe(rows.length);
          expect(writer.contents()).toBe(contents);
          expect(await readFile(to())).toEqual(await readFile(folder.file('expected.arrow')));
        },
      ),
    );
  });

  it('begins only at its first row', async () => {
    await texts(from(), 3);
    const table = await openTable(from());
    expect((await table.batchAt(0))?.rows).toBe(2);
    expect(await table.batchAt(1)).toBeUndefined();
    expect((await table.batchAt(2))?.rows).toBe(1);
    await table.close();
  });

  const columns: Columns = { text: { type: 'utf8' } };
  const told = (id: string) => toldOf(columns, { id, cells: { text: `${id}${id}` } });

  it.each([
    ['one shorter than others with rows to come', columns, 2, [], false],
    ['one for another place', columns, 2, [], true],
    ['one in the middle of a batch', columns, 2, ['x'], true],
    ['one of other columns', { text: { type: 'bool' } }, 2, [], true],
  ] as const)('is refused: %s', async (_, ofTable, rowsPerBatch, before, last) => {
    await texts(from(), 3);
    const source = await openTable(from());
    const batch = (await source.batchAt(2))!;
    const writer = await createTableWriter(to(), ofTable, { rowsPerBatch });
    for (const id of before) await writer.write(id, { text: id });
    expect(await writer.copy(batch, [told('c')], last)).toBe(false);
    expect(writer.count).toBe(before.length);
    await writer.close();
    await source.close();
  });

  it('is refused of other columns also where it would be in its place', async () => {
    await texts(from(), 2);
    const source = await openTable(from());
    const batch = (await source.batchAt(0))!;
    const writer = await createTableWriter(to(), { text: { type: 'float64' } }, { rowsPerBatch: 2 });
    expect(await writer.copy(batch, [told('a'), told('b')], true)).toBe(false);
    await writer.close();
    await source.close();
  });

  it('cannot bring in an id a second time', async () => {
    await texts(from(), 4);
    const source = await openTable(from());
    const writer = await createTableWriter(to(), columns, { rowsPerBatch: 2 });
    await writer.write('c', { text: 'c' });
    await writer.write('x', { text: 'x' });
    const batch = (await source.batchAt(2))!;
    await expect(writer.copy(batch, [told('c'), told('d')], true)).rejects.toThrow(
      'a second row has this id: they are unique in a table',
    );
    await writer.abort();
    await source.close();
  });
});
