import { describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createTableWriter, digestOfCells, openTable } from '../../../runner/artifact/index.ts';
import type { Cells, Column, Columns } from '../../../runner/kind/index.ts';
import { failureAt } from '../../support/failure-at.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();

async function batchSizes(path: string): Promise<number[]> {
  const table = await openTable(path);
  const sizes: number[] = [];
  for (let index = 0; index < table.batches; index++) sizes.push((await table.readBatch(index)).length);
  await table.close();
  return sizes;
}

describe('what a table refuses', () => {
  const tensor: Column = { type: 'tensor', shape: [2, 2] };
  const steps: Column = { type: 'sequence', shape: [3] };
  const cases: [string, Column, unknown, string][] = [
    ['a missing cell', { type: 'utf8' }, undefined, 'is missing'],
    ['null', { type: 'utf8' }, null, 'must be text, not null'],
    ['a number as text', { type: 'utf8' }, 1, 'must be text, not 1'],
    ['half a surrogate pair', { type: 'utf8' }, 'a\ud800', 'holds half of a surrogate pair'],
    ['text as a boolean', { type: 'bool' }, 'true', 'must be true or false, not "true"'],
    ['a fraction as int32', { type: 'int32' }, 0.5, 'must be a whole number of 32 bits, not 0.5'],
    [
      'a number beyond int32',
      { type: 'int32' },
      2 ** 31,
      'must be a whole number of 32 bits, not 2147483648',
    ],
    ['NaN as float64', { type: 'float64' }, NaN, 'must be a finite number, not NaN'],
    ['Infinity as float64', { type: 'float64' }, Infinity, 'must be a finite number, not Infinity'],
    ['a list as a tensor', tensor, [1, 2, 3, 4], 'must be a Float32Array, not a Array'],
    ['doubles as a tensor', tensor, new Float64Array(4), 'must be a Float32Array, not a Float64Array'],
    ['a tensor too short', tensor, new Float32Array(3), 'has 3 values where shape [2, 2] has 4'],
    ['NaN in a tensor', tensor, Float32Array.of(0, 0, NaN, 0), 'holds NaN at index 2'],
    ['Infinity in a tensor', tensor, Float32Array.of(0, -Infinity, 0, 0), 'holds -Infinity at index 1'],
    [
      'part of a step',
      steps,
      new Float32Array(4),
      'has 4 values, which is no whole number of steps of shape [3]',
    ],
    ['NaN in a sequence', steps, Float32Array.of(0, 0, 0, NaN, 0, 0), 'holds NaN at index 3'],
  ];

  it.each(cases)('%s', async (_, column, value, fault) => {
    const writer = await createTableWriter(folder.file('table.arrow'), { column });
    const cells = (value === undefined ? {} : { column: value }) as Cells;
    await expect(writer.write('clip.wav', cells)).rejects.toThrow(
      failureAt('clip.wav', `column column ${fault}`),
    );
    expect(writer.count).toBe(0);
    await writer.abort();
  });

  it('a cell that belongs to no column', async () => {
    const writer = await createTableWriter(folder.file('table.arrow'), { a: { type: 'int32' } });
    await expect(writer.write('clip.wav', { a: 1, b: 2 })).rejects.toMatchObject({
      place: 'clip.wav',
      message: 'cell b belongs to no column',
      hint: "the table's columns are a",
    });
    await writer.abort();
  });

  it('a second row of the same id, an empty id, a row after the end', async () => {
    const writer = await createTableWriter(folder.file('table.arrow'), {});
    await writer.write('clip.wav', {});
    await expect(writer.write('clip.wav', {})).rejects.toThrow(
      failureAt('clip.wav', 'a second row has this id'),
    );
    await expect(writer.write('', {})).rejects.toThrow("a row's id must be text that is not empty");
    await writer.close();
    await expect(writer.write('other.wav', {})).rejects.toThrow(
      failureAt('other.wav', 'comes after the table was closed'),
    );
    expect(writer.count).toBe(1);
  });

  it.each<[string, Columns, string]>([
    ['id', { id: { type: 'utf8' } }, 'a table cannot have a column named “id”'],
    ['digest', { digest: { type: 'utf8' } }, 'a table cannot have a column named “digest”'],
    ['no name', { '': { type: 'utf8' } }, 'a table cannot have a column named “”'],
    ['an empty axis', { x: { type: 'tensor', shape: [3, 0] } }, 'column x has the shape [3, 0]'],
    ['half an axis', { x: { type: 'sequence', shape: [0.5] } }, 'column x has the shape [0.5]'],
  ])('a column of %s', async (_, columns, message) => {
    await expect(createTableWriter(folder.file('table.arrow'), columns)).rejects.toThrow(message);
  });

  it('nothing of minus zero, which an int32 column holds as zero', async () => {
    const path = folder.file('table.arrow');
    const writer = await createTableWriter(path, { a: { type: 'int32' } });
    await writer.write('one', { a: -0 });
    await writer.close();
    const table = await openTable(path);
    const [{ row, digest }] = await table.readBatch(0);
    expect(row.cells.a).toBe(0);
    expect(digest).toBe(digestOfCells('one', table.columns, { a: 0 }));
    await table.close();
  });

  it('goes on after a refused row', async () => {
    const path = folder.file('table.arrow');
    const writer = await createTableWriter(path, { a: { type: 'int32' } });
    await writer.write('one', { a: 1 });
    await expect(writer.write('two', { a: NaN })).rejects.toThrow(failureAt('two', 'column a'));
    await writer.write('two', { a: 2 });
    await writer.close();
    const table = await openTable(path);
    expect((await table.read()).numbers('a')).toEqual(Float64Array.of(1, 2));
    await table.close();
  });
});

describe('batches', () => {
  const columns: Columns = { samples: { type: 'sequence', shape: [] } };

  async function writeRows(
    lengths: readonly number[],
    options: { rowsPerBatch?: number; batchBytes?: number },
  ): Promise<number[]> {
    const path = folder.file('table.arrow');
    const writer = await createTableWriter(path, columns, options);
    for (const [index, length] of lengths.entries()) {
      await writer.write(`${index}`, { samples: new Float32Array(length) });
    }
    await writer.close();
    return batchSizes(path);
  }

  it('end after 64 rows', async () => {
    expect(await writeRows(new Array<number>(150).fill(1), {})).toEqual([64, 64, 22]);
  });

  it('end after the number of rows asked for', async () => {
    expect(await writeRows([1, 1, 1, 1, 1], { rowsPerBatch: 2 })).toEqual([2, 2, 1]);
  });

  it('end once their cells take the bytes asked for', async () => {
    // A row takes 4 bytes a sample, 1 for the id, and 64 for the digest.
    expect(await writeRows([100, 1, 1, 100, 100], { batchBytes: 465 })).toEqual([1, 3, 1]);
  });

  it('are on disk once the write that ends them has been waited for', async () => {
    const path = folder.file('table.arrow');
    const rowBytes = 4 * 1000;
    const writer = await createTableWriter(path, columns, { rowsPerBatch: 10 });
    for (let row = 1; row <= 200; row++) {
      await writer.write(`${row}`, { samples: new Float32Array(1000) });
      const unwritten = row * rowBytes - (await stat(path)).size;
      expect(unwritten).toBeLessThan(10 * rowBytes);
    }
    await writer.close();
  });

  it('copy the cells, so that a stage may reuse its arrays', async () => {
    const path = folder.file('table.arrow');
    const samples = new Float32Array(1);
    const writer = await createTableWriter(path, columns);
    for (const value of [1, 2, 3]) {
      samples[0] = value;
      void writer.write(`${value}`, { samples });
    }
    await writer.close();
    const table = await openTable(path);
    expect((await table.read()).sequence('samples').data).toEqual(Float32Array.of(1, 2, 3));
    await table.close();
  });
});

describe('a disk that fails', () => {
  // A device of Linux on which every write fails as on a full disk.
  const itOnLinux = existsSync('/dev/full') ? it : it.skip;

  itOnLinux('fails the write that ends the batch, all later ones, and the end', async () => {
    const writer = await createTableWriter('/dev/full', {}, { rowsPerBatch: 2 });
    await writer.write('1', {});
    await expect(writer.write('2', {})).rejects.toThrow('ENOSPC');
    await expect(writer.write('3', {})).rejects.toThrow('ENOSPC');
    await expect(writer.close()).rejects.toThrow('ENOSPC');
    await expect(writer.close()).rejects.toThrow('ENOSPC');
    await writer.abort();
  });
});

describe('the contents of a table', () => {
  async function contentsOf(
    columns: Columns,
    rows: readonly [string, Cells][],
    key: string,
  ): Promise<string> {
    const writer = await createTableWriter(folder.file('table.arrow'), columns, { metadata: { key } });
    for (const [id, cells] of rows) await writer.write(id, cells);
    await writer.close();
    return writer.contents();
  }

  it('do not depend on the metadata, and depend on columns, rows and their order', async () => {
    const columns: Columns = { a: { type: 'int32' } };
    const rows: [string, Cells][] = [
      ['one', { a: 1 }],
      ['two', { a: 2 }],
    ];
    const contents = await contentsOf(columns, rows, 'x');
    expect(await contentsOf(columns, rows, 'y')).toBe(contents);
    expect(await contentsOf({ a: { type: 'int32', unit: 'Hz' } }, rows, 'x')).not.toBe(contents);
    expect(await contentsOf(columns, rows.toReversed(), 'x')).not.toBe(contents);
    expect(await contentsOf(columns, rows.slice(0, 1), 'x')).not.toBe(contents);
  });
});
