import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { digestOfCells } from '../../../runner/artifact/index.ts';
import type { Cells, Columns } from '../../../runner/kind/index.ts';
import { arbitraryTable } from './arbitrary-table.ts';
import { failureAt } from '../../support/failure-at.ts';

describe('the digest of a row', () => {
  it('is the SHA-256 of its framed parts', () => {
    const framed = (...bytes: number[]): Buffer =>
      Buffer.concat([Buffer.from([bytes.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(bytes)]);
    const text = (value: string): Buffer => framed(...Buffer.from(value));
    const parts = [
      text('clip'),
      text('["features","tensor",[1],"dB"]'),
      framed(0, 0, 128, 63),
      text('["rate","int32",null,null]'),
      framed(0, 0, 0, 0, 0, 0, 0, 64),
    ];
    const columns: Columns = {
      rate: { type: 'int32' },
      features: { type: 'tensor', shape: [1], unit: 'dB' },
    };
    expect(digestOfCells('clip', columns, { rate: 2, features: Float32Array.of(1) })).toBe(
      createHash('sha256').update(Buffer.concat(parts)).digest('hex'),
    );
  });

  it('does not depend on the order of the columns', () => {
    fc.assert(
      fc.property(arbitraryTable, ({ columns, rows }) => {
        const reversed = Object.fromEntries(Object.entries(columns).reverse());
        for (const { id, cells } of rows) {
          expect(digestOfCells(id, reversed, cells)).toBe(digestOfCells(id, columns, cells));
        }
      }),
    );
  });

  it('differs where id, column or cell differ', () => {
    const digests = [
      digestOfCells('ab', { c: { type: 'utf8' } }, { c: 'd' }),
      digestOfCells('a', { c: { type: 'utf8' } }, { c: 'bd' }),
      digestOfCells('a', { bc: { type: 'utf8' } }, { bc: 'd' }),
      digestOfCells('a', { b: { type: 'utf8' }, c: { type: 'utf8' } }, { b: 'd', c: '' }),
      digestOfCells('a', { b: { type: 'utf8' }, c: { type: 'utf8' } }, { b: '', c: 'd' }),
      digestOfCells('a', { b: { type: 'int32' } }, { b: 0 }),
      digestOfCells('a', { b: { type: 'float64' } }, { b: 0 }),
      digestOfCells('a', { b: { type: 'float64' } }, { b: -0 }),
      digestOfCells('a', { b: { type: 'float64', unit: 's' } }, { b: 0 }),
      digestOfCells('a', { b: { type: 'bool' } }, { b: false }),
      digestOfCells('a', { b: { type: 'tensor', shape: [2] } }, { b: new Float32Array(2) }),
      digestOfCells('a', { b: { type: 'tensor', shape: [1, 2] } }, { b: new Float32Array(2) }),
      digestOfCells('a', { b: { type: 'sequence', shape: [] } }, { b: new Float32Array(2) }),
      digestOfCells('a', { b: { type: 'sequence', shape: [] } }, { b: new Float32Array(3) }),
      digestOfCells('a', { b: { type: 'sequence', shape: [] } }, { b: new Float32Array(0) }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is of the values alone, wherever in memory they lie', () => {
    const columns: Columns = { v: { type: 'sequence', shape: [] } };
    const memory = Float32Array.of(9, 1, 2, 9);
    expect(digestOfCells('a', columns, { v: memory.subarray(1, 3) })).toBe(
      digestOfCells('a', columns, { v: Float32Array.of(1, 2) }),
    );
  });

  it('is refused of a row whose cells are not those of the columns', () => {
    const cells = { a: 'text' } as Cells;
    expect(() => digestOfCells('clip', { a: { type: 'int32' } }, cells)).toThrow(
      failureAt('clip', 'column a has no int32 value'),
    );
    expect(() => digestOfCells('clip', { b: { type: 'bool' } }, cells)).toThrow(
      failureAt('clip', 'column b has no bool value'),
    );
  });
});
