import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import {
  createTableWriter,
  digestOfCells,
  openTable,
  recoverTable,
  type DigestedRow,
  type TableFile,
  type TableWriterOptions,
} from '../../../runner/artifact/index.ts';
import type { Cell, Column, Columns, Table } from '../../../runner/kind/index.ts';
import { arbitraryTable, type ArbitraryTable } from './arbitrary-table.ts';
import { collect } from '../../support/collect.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
const options: fc.Arbitrary<TableWriterOptions> = fc.record({
  rowsPerBatch: fc.integer({ min: 1, max: 8 }),
  batchBytes: fc.integer({ min: 1, max: 300 }),
});

async function write(
  data: ArbitraryTable,
  how: TableWriterOptions,
  path = folder.file('table.arrow'),
): Promise<void> {
  const writer = await createTableWriter(path, data.columns, how);
  for (const { id, cells } of data.rows) await writer.write(id, cells);
  await writer.close();
}

async function using<Result>(
  use: (table: TableFile) => Promise<Result>,
  path = folder.file('table.arrow'),
): Promise<Result> {
  const table = await openTable(path);
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

function expectedRows({ columns, rows }: ArbitraryTable): DigestedRow[] {
  return rows.map(({ id, cells }) => ({ row: { id, cells }, digest: digestOfCells(id, columns, cells) }));
}

/** The cell of a row, out of a table in memory. */
function cellOf(table: Table, name: string, column: Column, row: number): Cell {
  switch (column.type) {
    case 'utf8':
      return table.text(name)[row];
    case 'bool':
      return table.booleans(name)[row];
    case 'int32':
    case 'float64':
      return table.numbers(name)[row];
    case 'tensor': {
      const { shape, data } = table.tensor(name);
      const size = shape.reduce((product, extent) => product * extent, 1);
      return data.slice(row * size, (row + 1) * size);
    }
    case 'sequence': {
      const { shape, offsets, data } = table.sequence(name);
      const size = shape.reduce((product, extent) => product * extent, 1);
      return data.slice(offsets[row] * size, offsets[row + 1] * size);
    }
  }
}

describe('a table written and read', () => {
  it('has the same columns, metadata and rows, whatever the batches', async () => {
    const metadata = fc.dictionary(fc.string({ minLength: 1 }), fc.string());
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, metadata, async (data, how, entries) => {
        await write(data, { ...how, metadata: entries });
        await using(async (table) => {
          expect(table.columns).toEqual(data.columns);
          expect(Object.keys(table.columns)).toEqual(Object.keys(data.columns));
          expect(Object.entries(table.metadata).sort()).toEqual(Object.entries(entries).sort());
          expect(table.count).toBe(data.rows.length);
          expect(await collect(table.rows())).toEqual(expectedRows(data));
        });
      }),
    );
  });

  it('is the same in memory as row by row', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, async (data, how) => {
        await write(data, how);
        const table = await using((file) => file.read());
        expect(table.columns).toEqual(data.columns);
        expect(table.ids).toEqual(data.rows.map(({ id }) => id));
        data.rows.forEach(({ cells }, row) => {
          for (const [name, column] of Object.entries(data.columns)) {
            expect(cellOf(table, name, column, row)).toEqual(cells[name]);
          }
        });
      }),
    );
  });

  it('gives any rows in any order, small batches or large', async () => {
    const places = fc.array(fc.nat(), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, places, fc.boolean(), async (data, how, numbers, large) => {
        fc.pre(data.rows.length > 0);
        const ballast = new Float32Array(large ? 2 ** 17 : 1).fill(0.5);
        const columns: Columns = { ballast: { type: 'tensor', shape: [ballast.length] }, ...data.columns };
        const rows = data.rows.map(({ id, cells }) => ({ id, cells: { ballast, ...cells } }));
        await write({ columns, rows }, { rowsPerBatch: how.rowsPerBatch ?? 1 });
        const positions = numbers.map((number) => number % rows.length);
        const names = Object.keys(data.columns);
        await using(async (table) => {
          const found = await table.readRows(positions, names);
          const all = expectedRows({ columns, rows });
          expect(found.map(({ row, digest }) => ({ id: row.id, digest }))).toEqual(
            positions.map((position) => ({ id: all[position].row.id, digest: all[position].digest })),
          );
          expect(found.map(({ row }) => row.cells)).toEqual(
            positions.map((position) => data.rows[position].cells),
          );
        });
      }),
      { numRuns: 20 },
    );
  });

  it('gives only the columns asked for', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, fc.nat(), async (data, how, mask) => {
        await write(data, how);
        const names = Object.keys(data.columns).filter((_, index) => ((mask >> index) & 1) === 1);
        const only = (cells: Readonly<Record<string, Cell>>): object =>
          Object.fromEntries(names.map((name) => [name, cells[name]]));
        await using(async (table) => {
          const rows = await collect(table.rows(names));
          expect(rows.map(({ row }) => row.cells)).toEqual(data.rows.map(({ cells }) => only(cells)));
          expect(Object.keys((await table.read(names)).columns)).toEqual(names);
        });
      }),
    );
  });

  it('tells ids and digests', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, async (data, how) => {
        await write(data, how);
        const rows = expectedRows(data);
        expect(await using((table) => table.digests())).toEqual({
          ids: rows.map(({ row }) => row.id),
          digests: rows.map(({ digest }) => digest),
        });
      }),
    );
  });

  it('is the same file for the same rows, handed in one by one or all at once', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, async (data, how) => {
        await write(data, { ...how, metadata: { stage: 'mfcc', key: 'ab' } }, folder.file('a.arrow'));
        const writer = await createTableWriter(folder.file('b.arrow'), data.columns, {
          ...how,
          metadata: { key: 'ab', stage: 'mfcc' },
        });
        await Promise.all(data.rows.map(({ id, cells }) => writer.write(id, cells)));
        await writer.close();
        expect(await readFile(folder.file('b.arrow'))).toEqual(await readFile(folder.file('a.arrow')));
      }),
    );
  });

  it('can be copied row by row without its content changing', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, options, async (data, how, other) => {
        await write(data, how, folder.file('a.arrow'));
        await using(async (table) => {
          const copy = await createTableWriter(folder.file('b.arrow'), table.columns, other);
          for await (const { row, digest } of table.rows()) await copy.write(row.id, row.cells, digest);
          await copy.close();
        }, folder.file('a.arrow'));
        expect(await using((table) => collect(table.rows()), folder.file('b.arrow'))).toEqual(
          expectedRows(data),
        );
      }),
    );
  });

  it('gives out cells that can be changed without harm', async () => {
    const columns: Columns = { features: { type: 'tensor', shape: [2] } };
    const rows = [1, 2, 3].map((value) => ({
      id: `row${value}`,
      cells: { features: Float32Array.of(value, value) },
    }));
    await write({ columns, rows }, {});
    await using(async (table) => {
      for (let attempt = 0; attempt < 2; attempt++) {
        const given = [...(await table.readRows([0, 1, 2])), ...(await table.readBatch(0))];
        expect(given.map(({ row }) => row.cells.features)).toEqual(
          [1, 2, 3, 1, 2, 3].map((value) => Float32Array.of(value, value)),
        );
        for (const { row } of given) {
          const features = row.cells.features as Float32Array;
          // Memory of its own: sent to another thread, a view would take the whole batch along.
          expect(features.buffer.byteLength).toBe(features.byteLength);
          features.fill(0);
        }
      }
    });
  });

  it('names a column that is not there, and those that are', async () => {
    await write({ columns: { features: { type: 'tensor', shape: [1] } }, rows: [] }, {});
    await using(async (table) => {
      const expected = {
        message: 'there is no column feature',
        hint: 'its columns are id, digest, features',
      };
      await expect(collect(table.rows(['feature']))).rejects.toMatchObject(expected);
      await expect(table.read(['feature'])).rejects.toMatchObject(expected);
      const whole = await table.read();
      expect(() => whole.text('features')).toThrow(/features is of type tensor, not utf8/);
      expect(() => whole.text('feature')).toThrow(/no column feature/);
      await expect(table.readRows([0])).rejects.toThrow('a table of 0 rows has no row 0');
    });
  });
});

describe('a file that is cut', () => {
  it('is refused when opened, and recovered up to its last whole batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTable,
        options,
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (data, how, part) => {
          const path = folder.file('table.arrow');
          await write(data, how);
          const whole = await readFile(path);
          const counts = await using(async (table) => {
            const sizes = [];
            for (let index = 0; index < table.batches; index++)
              sizes.push((await table.readBatch(index)).length);
            return sizes;
          });
          await truncate(path, Math.floor(part * (whole.length - 1)));
          await expect(openTable(path)).rejects.toMatchObject({ name: 'StageFailure', place: path });
          const recovered = await recoverTable(path).catch(() => undefined);
          if (recovered === undefined) return;
          const rows = await collect(recovered.rows());
          await recovered.close();
          expect(rows).toEqual(expectedRows(data).slice(0, rows.length));
          const ends = counts.map((_, index) =>
            counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0),
          );
          expect([0, ...ends]).toContain(rows.length);
        },
      ),
    );
  });

  it('or changed anywhere is read, or refused by its name', async () => {
    // Not fc.double: it prefers numbers next to 0, and so the first bytes.
    const place = fc.integer({ min: 0, max: 9999 }).map((part) => part / 10_000);
    const changes = fc.array(fc.tuple(place, fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    const path = folder.file('table.arrow');
    const read = async (open: typeof openTable): Promise<void> => {
      const table = await open(path);
      try {
        await table.read();
        await collect(table.rows());
        await table.readRows(Array.from({ length: Math.min(table.count, 3) }, (_, row) => row));
      } finally {
        await table.close();
      }
    };
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryTable, options, changes, async (data, how, flips) => {
        await write(data, how);
        const bytes = await readFile(path);
        for (const [at, bits] of flips) bytes[Math.floor(at * bytes.length)] ^= bits;
        await writeFile(path, bytes);
        for (const open of [openTable, recoverTable]) {
          await read(open).catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'StageFailure', place: path });
            refused++;
          });
        }
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(20);
  });

  it('gives back every batch whose bytes are all there', async () => {
    const columns: Columns = { n: { type: 'int32' } };
    const rows = Array.from({ length: 10 }, (_, n) => ({ id: `r${n}`, cells: { n } }));
    const path = folder.file('table.arrow');
    const writer = await createTableWriter(path, columns, { rowsPerBatch: 4 });
    for (const { id, cells } of rows) await writer.write(id, cells);
    await writer.abort();
    const table = await recoverTable(path);
    expect(table.columns).toEqual(columns);
    expect(table.count).toBe(8);
    expect((await collect(table.rows())).map(({ row }) => row)).toEqual(rows.slice(0, 8));
    await table.close();
  });

  it('gives back the batches before pages that never reached the disk', async () => {
    const path = folder.file('table.arrow');
    const rows = Array.from({ length: 6 }, (_, n) => ({ id: `r${n}`, cells: { n } }));
    await write({ columns: { n: { type: 'int32' } }, rows }, { rowsPerBatch: 2 });
    const bytes = await readFile(path);
    const ids = bytes.indexOf('r4');
    const third = bytes.lastIndexOf(Buffer.of(255, 255, 255, 255), ids);
    for (const [start, end] of [
      [third, bytes.length],
      [third + 8, ids],
    ]) {
      await writeFile(path, Buffer.from(bytes).fill(0, start, end));
      const table = await recoverTable(path);
      expect((await table.digests()).ids).toEqual(['r0', 'r1', 'r2', 'r3']);
      await table.close();
    }
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is something else', Buffer.from('a,b,c\n1,2,3\n'.repeat(20))],
    ['only ends like one', Buffer.from(`${'x'.repeat(100)}\x40\0\0\0ARROW1`, 'latin1')],
  ])('that %s is refused with the way out', async (_, bytes) => {
    const path = folder.file('table.arrow');
    await writeFile(path, bytes);
    await expect(openTable(path)).rejects.toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('no whole Arrow IPC file'),
      hint: expect.stringContaining('pipeline verify'),
    });
    await expect(recoverTable(path)).rejects.toThrow('no whole Arrow IPC file');
  });

  it('that is not there is said to be missing', async () => {
    await expect(openTable(folder.file('none.arrow'))).rejects.toThrow(/cannot be opened: ENOENT/);
  });
});
