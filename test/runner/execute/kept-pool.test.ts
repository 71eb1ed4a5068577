import { describe, expect, it } from '@jest/globals';
import { KeptPool } from '../../../runner/execute/kept-pool.ts';
import type { RowPool } from '../../../runner/execute/row-pool.ts';

const options = { bundle: '/kinds/a/index.js', params: { layer: 3 }, threads: 1, table: '/objects/ab/cd' };

describe('a pool that is kept', () => {
  const closed: string[] = [];
  const pool = (name: string, size: number) => (): Promise<RowPool> =>
    Promise.resolve({
      columns: {},
      notes: [name],
      size,
      run: () => Promise.resolve([]),
      close: () => {
        closed.push(name);
        return Promise.resolve();
      },
    });

  it('serves again whoever asks for the same, and nobody else', async () => {
    const kept = new KeptPool();
    expect((await kept.take(options, 2, pool('first', 2))).notes).toEqual(['first']);
    expect((await kept.take({ ...options }, 1, pool('not needed', 1))).notes).toEqual(['first']);
    expect(closed.splice(0)).toEqual([]);
    expect((await kept.take(options, 3, pool('larger', 3))).notes).toEqual(['larger']);
    expect(closed.splice(0)).toEqual(['first']);
    for (const other of [
      { params: { layer: 4 } },
      { table: '/objects/ef' },
      { bundle: '/b' },
      { threads: 2 },
    ]) {
      const name = JSON.stringify(other);
      expect((await kept.take({ ...options, ...other }, 1, pool(name, 1))).notes).toEqual([name]);
      expect(closed.splice(0)).toHaveLength(1);
    }
    await kept.close();
    await kept.close();
    expect(closed.splice(0)).toHaveLength(1);
  });

  it('keeps nothing where setting up fails', async () => {
    const kept = new KeptPool();
    await expect(kept.take(options, 1, () => Promise.reject(new Error('no model')))).rejects.toThrow(
      'no model',
    );
    expect((await kept.take(options, 1, pool('second', 1))).notes).toEqual(['second']);
  });
});
