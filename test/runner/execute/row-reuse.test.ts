import { appendFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { createTableWriter, digestOfCells } from '../../../runner/artifact/index.ts';
import { indexLine } from '../../../runner/execute/row-index.ts';
import { RowList } from '../../../runner/execute/row-list.ts';
import { ReuseSources } from '../../../runner/execute/row-reuse.ts';
import { sha256 } from '../../../runner/fingerprint/hash.ts';
import type { Columns } from '../../../runner/kind/index.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
const columns: Columns = { text: { type: 'utf8' } };

/** A table of rows of these ids, in batches of two, as a stage leaves it. */
async function earlierTable(ids: readonly string[]) {
  const [table, index] = [folder.file('table.arrow'), folder.file('index')];
  const writer = await createTableWriter(table, columns, { rowsPerBatch: 2 });
  for (const id of ids) {
    const cells = { text: id.toUpperCase() };
    const content = digestOfCells(id, columns, cells);
    await writer.write(id, cells, sha256(id), content);
    await appendFile(index, indexLine({ id, input: sha256(id), content }));
  }
  await writer.close();
  return { table, index };
}

const wanted = (ids: readonly string[]): Promise<RowList> =>
  RowList.ofTable(
    ids.map((id) => ({ id, input: sha256(id) })),
    folder.file('spill'),
  );

describe('rows of an earlier table', () => {
  it('are taken by batches where these stand in the same places, else one by one', async () => {
    const source = { ...(await earlierTable(['a', 'b', 'c', 'd', 'e'])), partial: false };
    const rows = await wanted(['a', 'b', 'c', 'x', 'e']);
    const { reuse } = await ReuseSources.open([source], rows, folder.file('spill'));
    const sizes = await Promise.all([0, 1, 2, 3, 4].map((at) => reuse.batchAt(at)));
    expect(sizes.map((found) => found?.batch.rows)).toEqual([2, undefined, undefined, undefined, 1]);
    expect(sizes[0]?.contents).toEqual(
      ['a', 'b'].map((id) => digestOfCells(id, columns, { text: id.toUpperCase() })),
    );
    expect(await reuse.take(2)).toMatchObject({ ok: true, cells: { text: 'C' } });
    expect(await reuse.take(3)).toBeUndefined();
    await reuse.close();
  });

  it('are not taken by batches where fewer are wanted than a batch has', async () => {
    const source = { ...(await earlierTable(['a', 'b'])), partial: false };
    const rows = await wanted(['a']);
    const { reuse } = await ReuseSources.open([source], rows, folder.file('spill'));
    expect(await reuse.batchAt(0)).toBeUndefined();
    await reuse.close();
  });

  it('are taken one by one from what a killed process left', async () => {
    const source = { ...(await earlierTable(['a', 'b'])), partial: true };
    const rows = await wanted(['a', 'b']);
    const { reuse } = await ReuseSources.open([source], rows, folder.file('spill'));
    expect(await reuse.batchAt(0)).toBeUndefined();
    expect(await reuse.take(1)).toMatchObject({ ok: true, cells: { text: 'B' } });
    await reuse.close();
  });
});
