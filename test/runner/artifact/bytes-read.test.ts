import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createTableWriter, openTable, type TableFile } from '../../../runner/artifact/index.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const counters = '/proc/self/io';
const describeOnLinux = existsSync(counters) ? describe : describe.skip;

/** Bytes that this process has asked the system for. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync(counters, 'utf8'))![1]);
}

describeOnLinux('what is read of a table of 200 rows with 100 KB each', () => {
  const folder = useTemporaryFolder('all');
  const samples = new Float32Array(25_000).fill(0.25);
  const batchBytes = 2_000_000;
  let fileBytes = 0;

  beforeAll(async () => {
    const path = folder.file('table.arrow');
    const writer = await createTableWriter(
      path,
      { samples: { type: 'sequence', shape: [] }, sampleRate: { type: 'int32' }, speaker: { type: 'utf8' } },
      { batchBytes },
    );
    for (let row = 0; row < 200; row++) {
      await writer.write(`${row}.wav`, { samples, sampleRate: row, speaker: `${row % 24}` });
    }
    await writer.close();
    fileBytes = (await stat(path)).size;
  });

  async function bytesReadBy(use: (table: TableFile) => Promise<unknown>): Promise<number> {
    const before = bytesRead();
    const table = await openTable(folder.file('table.arrow'));
    await use(table);
    await table.close();
    return bytesRead() - before;
  }

  it('is next to nothing for its columns and its count', async () => {
    const read = await bytesReadBy((table) => Promise.resolve([table.columns, table.count]));
    expect(read).toBeLessThan(30_000);
  });

  it('is next to nothing for ids and digests, and for small columns', async () => {
    expect(await bytesReadBy((table) => table.digests())).toBeLessThan(0.05 * fileBytes);
    expect(await bytesReadBy((table) => table.read(['sampleRate', 'speaker']))).toBeLessThan(
      0.05 * fileBytes,
    );
  });

  it('is one batch for the first row of all', async () => {
    const read = await bytesReadBy(async (table) => {
      for await (const { row } of table.rows()) return row;
      return undefined;
    });
    expect(read).toBeGreaterThan(0.9 * batchBytes);
    expect(read).toBeLessThan(1.2 * batchBytes);
  });

  it('is little more than a row for one row', async () => {
    const read = await bytesReadBy((table) => table.readRows([150]));
    expect(read).toBeGreaterThan(100_000);
    expect(read).toBeLessThan(0.03 * fileBytes);
  });

  it('is the file once for everything', async () => {
    const read = await bytesReadBy((table) => table.read());
    expect(read).toBeGreaterThan(0.99 * fileBytes);
    expect(read).toBeLessThan(1.05 * fileBytes);
  });
});
