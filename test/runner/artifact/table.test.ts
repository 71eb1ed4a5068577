import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createTableWriter,
  digestOfCells,
  openTable,
  type DigestedRow,
  type TableFile,
  type TableWriterOptions,
} from '../../../runner/artifact/index.ts';

import { arbitraryTable, type ArbitraryTable } from './arbitrary-table.ts';
import { useTemporaryFolder } from './temporary-folder.ts';

const folder = useTemporaryFolder();
const options: fc.Arbitrary<TableWriterOptions> = fc.record({
  rowsPerBatch: fc.integer({ min: 1, max: 8 }),
  batchBytes: fc.integer({ min: 1, max: 300 }),
});

async function write(
  path: string,
  { columns, rows }: ArbitraryTable,
  how: TableWriterOptions,
): Promise<void> {
  const writer = await createTableWriter(path, columns, how);
  for (const { id, cells } of rows) await writer.write(id, cells);
  await writer.close();
}

async function using<Result>(path: string, use: (table: TableFile) => Promise<Result>): Promise<Result> {
  const table = await openTable(path);
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function expected({ columns, rows }: ArbitraryTable): DigestedRow[] {
  return rows.map(({ id, cells }) => ({ row: { id, cells }, digest: digestOfCells(id, columns, cells) }));
}

describe('a table written and read', () => {
  it('has the same columns and rows, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, async (data, how) => {
        const path = folder.file('table.arrow');
        await write(path, data, how);
        await using(path, async (table) => {
          expect(table.columns).toEqual(data.columns);
          expect(table.count).toBe(data.rows.length);
          expect(await collect(table.rows())).toEqual(expected(data));
        });
      }),
    );
  });
});
