import type { BatchReader } from './batch-reader.ts';
import { decodeRows, type DigestedRow } from './decode-rows.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { RowPlaces } from './row-places.ts';
import type { StoredBatch } from './stored-batch.ts';

/** A batch of at most so many bytes is decoded as a whole and kept, since its next row is mostly asked for next. */
const keptBytes = 2 ** 20;

interface RecentBatch {
  readonly index: number;
  readonly batch: StoredBatch;
  /** Its rows with the columns of `names`, where it is small. */
  rows?: { readonly names: string; readonly decoded: readonly DigestedRow[] };
}

/** Single rows of a table by their place. Of large batches only the bytes of the rows wanted are read. */
export class RowAccess {
  readonly #reader: BatchReader;
  #places: Promise<RowPlaces> | undefined;
  #recent: RecentBatch | undefined;

  constructor(reader: BatchReader) {
    this.#reader = reader;
  }

  /** @throws RangeError where the table has no such row. */
  async read(position: number, names: readonly string[]): Promise<DigestedRow> {
    this.#places ??= RowPlaces.of(this.#reader);
    const place = (await this.#places).find(position);
    const recent = await this.#open(place.batch);
    if (recent.batch.size > keptBytes) {
      const range = { start: place.row, end: place.row + 1 };
      return (await decodeRows(this.#reader, recent.batch, names, range))[0];
    }
    const key = JSON.stringify(names);
    if (recent.rows?.names !== key) {
      recent.rows = { names: key, decoded: await decodeRows(this.#reader, recent.batch, names) };
    }
    return copyOf(recent.rows.decoded[place.row]);
  }

  /** The batch that begins with the row at a place, as it stands in the file; undefined where none does. */
  async batchAt(position: number): Promise<EncodedBatch | undefined> {
    this.#places ??= RowPlaces.of(this.#reader);
    const { batch, row } = (await this.#places).find(position);
    return row === 0 ? this.#reader.encoded(batch) : undefined;
  }

  async #open(index: number): Promise<RecentBatch> {
    if (this.#recent?.index === index) return this.#recent;
    const opened = { index, batch: await this.#reader.batch(index) };
    this.#recent = opened;
    return opened;
  }
}

/** What is kept must not change when the row given out does. */
function copyOf({ row, digest }: DigestedRow): DigestedRow {
  const cells = Object.entries(row.cells).map(([name, cell]) => [
    name,
    typeof cell === 'object' ? cell.slice() : cell,
  ]);
  return { row: { id: row.id, cells: Object.fromEntries(cells) as typeof row.cells }, digest };
}
