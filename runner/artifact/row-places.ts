import type { BatchReader } from './batch-reader.ts';
import { damagedFile } from './damaged-file.ts';

/** A row by its batch and its place in it. */
export interface RowPlace {
  readonly batch: number;
  readonly row: number;
}

/** Which batch holds which rows of a table. */
export class RowPlaces {
  /** For each batch, the rows up to its end. */
  readonly #ends: readonly number[];

  private constructor(ends: readonly number[]) {
    this.#ends = ends;
  }

  static async of(reader: BatchReader): Promise<RowPlaces> {
    const ends: number[] = [];
    for (let index = 0; index < reader.batches; index++) {
      ends.push((ends.at(-1) ?? 0) + (await reader.batch(index)).rows);
    }
    return new RowPlaces(ends);
  }

  /** @throws RangeError where the table has no such row. */
  find(position: number): RowPlace {
    const count = this.#ends.at(-1) ?? 0;
    if (!Number.isInteger(position) || position < 0 || position >= count) {
      throw new RangeError(`a table of ${count} rows has no row ${position}, counted from 0`);
    }
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle] > position) high = middle;
      else low = middle + 1;
    }
    return { batch: low, row: position - (low === 0 ? 0 : this.#ends[low - 1]) };
  }
}

/** How many rows a table has. */
export async function countRows(reader: BatchReader): Promise<number> {
  if (reader.batches === 0) return 0;
  const last = await reader.batch(reader.batches - 1);
  if (last.rowsBefore !== undefined) return plausible(reader, last.rowsBefore + last.rows);
  // Files of other tools do not say: each batch is asked.
  let count = last.rows;
  for (let index = 0; index < reader.batches - 1; index++) count += (await reader.batch(index)).rows;
  return plausible(reader, count);
}

/** Every row has a place in the offsets of `id` and `digest`: with more rows than fit, a file is broken. */
function plausible(reader: BatchReader, count: number): number {
  if (8 * count <= reader.bytes) return count;
  throw damagedFile(reader.name, `it is too short for ${count} rows`);
}
