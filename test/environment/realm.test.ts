import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';

describe('the realm of the tests', () => {
  it('takes errors from Node and from the engine alike', async () => {
    await expect(readFile('/no/such/file')).rejects.toBeInstanceOf(Error);
    expect(() => (null as unknown as string).length).toThrow(TypeError);
    class OwnError extends Error {}
    expect(new Error('plain')).not.toBeInstanceOf(OwnError);
    expect(new OwnError('own')).toBeInstanceOf(Error);
    expect(new Error('plain')).not.toBeInstanceOf(TypeError);
  });

  it('writes and reads an Arrow table', () => {
    const table = tableFromArrays({ value: Float32Array.of(0.5, 1.5), id: ['a', 'b'] });
    const read = tableFromIPC(tableToIPC(table, 'file'));
    expect(read.getChild('value')?.toArray()).toEqual(Float32Array.of(0.5, 1.5));
    expect(read.toArray().map((row: { id: string }) => row.id)).toEqual(['a', 'b']);
  });

  it('imports modules on demand', async () => {
    const { default: zlib } = await import('node:zlib');
    expect(zlib.gunzipSync(zlib.gzipSync('text')).toString()).toBe('text');
    const { z } = await import('zod');
    expect(z.strictObject({ a: z.number() }).parse({ a: 1 })).toEqual({ a: 1 });
  });
});
