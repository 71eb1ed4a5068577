import { writeFile } from 'node:fs/promises';
import { hashFile, sha256 } from '../../fingerprint/hash.ts';
import type { ReusableRows } from '../job.ts';
import { type IndexedRow, indexLine } from '../row-index.ts';
import type { SharedPlace } from './shared-place.ts';

/**
 * Rows of a row stage that workers have finished, in the shared cache until the whole table is there. A segment is two
 * objects, `segments/<row key>/<part>-<digest of the table>.arrow` and `….index` with the digest of the index in its
 * name too; the index is put last, so that a segment is there whole or not at all. It may be of whatever rows: who needs
 * rows looks into the indexes.
 */
export class Segments {
  readonly #place: SharedPlace;
  readonly #folder: string;

  constructor(place: SharedPlace, rowKey: string) {
    this.#place = place;
    this.#folder = `segments/${rowKey}/`;
  }

  /** `part` is the shard that the rows belong to: what a later attempt at the same shard looks for. */
  async put(
    part: string,
    segment: { readonly table: string; readonly rows: readonly IndexedRow[] },
    signal: AbortSignal,
  ): Promise<void> {
    const index = segment.rows.map(indexLine).join('');
    const table = await hashFile(segment.table);
    await this.#place.putFile(`${this.#folder}${part}-${table}.arrow`, segment.table, signal);
    await this.#place.put(`${this.#folder}${part}-${table}-${sha256(index)}.index`, index, signal);
  }

  /** What segments there are, the newest first: of one shard, or of all. */
  async list(signal: AbortSignal, part = ''): Promise<Segment[]> {
    const names = await this.#place.names(part === '' ? this.#folder : `${this.#folder}${part}-`, signal);
    return names.flatMap((name) => {
      const match = /-([0-9a-f]{64})-([0-9a-f]{64})\.index$/.exec(name);
      if (match === null) return [];
      const [ending, table, index] = match;
      const stem = name.slice(0, -ending.length);
      return [{ tableName: `${stem}-${table}.arrow`, table, indexName: name, index }];
    });
  }

  /** The rows of a segment; undefined where it is gone meanwhile. */
  async rows(segment: Segment, signal: AbortSignal): Promise<IndexedRow[] | undefined> {
    const text = await this.#place.text(segment.indexName, segment.index, signal);
    return text?.split('\n').slice(0, -1).map(parseLine);
  }

  /** Brings a segment here; undefined where it is gone meanwhile. */
  async bring(
    segment: Segment,
    rows: readonly IndexedRow[],
    signal: AbortSignal,
  ): Promise<ReusableRows | undefined> {
    const table = await this.#place.bring(segment.tableName, segment.table, signal);
    if (table === undefined) return undefined;
    const index = `${table}.index`;
    await writeFile(index, rows.map(indexLine).join(''));
    return { table, index, partial: false };
  }

  /** What the row function had to say of all rows. */
  async putNotes(path: string, signal: AbortSignal): Promise<void> {
    await this.#place.putFile(`${this.#folder}${await hashFile(path)}.notes`, path, signal);
  }

  /** Brings the notes here; undefined where the row function had nothing to say. */
  async notes(signal: AbortSignal): Promise<string | undefined> {
    for (const name of await this.#place.names(this.#folder, signal)) {
      const digest = /([0-9a-f]{64})\.notes$/.exec(name)?.[1];
      const path = digest && (await this.#place.bring(name, digest, signal));
      if (path !== undefined && path !== '') return path;
    }
    return undefined;
  }

  async remove(segments: readonly Segment[], signal: AbortSignal): Promise<void> {
    // The index first: what it names must be there as long as it is.
    await this.#place.remove(
      segments.flatMap(({ indexName, tableName }) => [indexName, tableName]),
      signal,
    );
  }
}

export interface Segment {
  readonly tableName: string;
  readonly table: string;
  readonly indexName: string;
  readonly index: string;
}

function parseLine(line: string): IndexedRow {
  return {
    input: line.slice(0, 64),
    content: line.slice(65, 129),
    id: JSON.parse(line.slice(130)) as string,
  };
}
