import type { FileList } from '../fingerprint/file-list.ts';
import type { SourceFile, SourceRow } from '../kind/index.ts';
import { DigestIndex } from '../packed/digest-index.ts';
import { Records } from '../packed/records.ts';
import { sha256 } from '../fingerprint/hash.ts';
import type { RowTask } from './row-runner.ts';
import { ListedSourceFile, ListedSourceFiles } from './source-files.ts';

/** In a record: the digest of what the row is made from, its file's place, the length of its id, the id, attributes. */
const placeStart = 32;
const lengthStart = placeStart + 4;
const idStart = lengthStart + 4;

/** The rows that a stage is to make, in the order of its table; a million take little more memory than a thousand. */
export class RowList {
  readonly #records: Records;
  /** Of a source: where its rows come from. */
  readonly #files: FileList | undefined;
  /** Of the rows that are wanted, their places among all; undefined where all are. */
  readonly #chosen: Uint32Array | undefined;

  private constructor(records: Records, files?: FileList, chosen?: readonly number[]) {
    this.#records = records;
    this.#files = files;
    this.#chosen = chosen === undefined ? undefined : Uint32Array.from(chosen);
  }

  /**
   * Rows of an input table: their ids, and the digests of what they hold.
   *
   * @param spill a folder for what does not fit into memory.
   */
  static async ofTable(
    rows: Iterable<{ id: string; input: string }> | AsyncIterable<{ id: string; input: string }>,
    spill: string,
  ): Promise<RowList> {
    const records = new Records(spill);
    for await (const { id, input } of rows) addRow(records, id, input);
    return new RowList(records);
  }

  /** Rows of a source, whose files are those of a list or have their paths. */
  static ofSource(
    rows: Iterable<SourceRow>,
    files: FileList,
    inputOf: (row: SourceRow) => string,
    spill: string,
  ): RowList {
    const records = new Records(spill);
    const placeOf = placesIn(files);
    for (const row of rows) {
      const attributes = row.attributes === undefined ? '' : JSON.stringify(row.attributes);
      addRow(records, row.id, inputOf(row), placeOf(row.file), attributes);
    }
    return new RowList(records, files);
  }

  /** Only the rows at some places. */
  only(places: readonly number[]): RowList {
    return new RowList(this.#records, this.#files, places);
  }

  get length(): number {
    return this.#chosen?.length ?? this.#records.length;
  }

  id(at: number): string {
    return idOf(this.#record(at));
  }

  /** Digest of what the row is made from. */
  input(at: number): string {
    return this.#record(at).toString('hex', 0, placeStart);
  }

  /** Path of a source's file. */
  path(at: number): string {
    return this.#files!.path(this.#record(at).readUInt32LE(placeStart));
  }

  /** An id that two rows have, if there is one. */
  repeatedId(): string | undefined {
    let last: string | undefined;
    for (let at = 0; at < this.length; at += 1) {
      const id = this.id(at);
      // Sorted, as most lists are, none can come again unseen.
      if (last !== undefined && id <= last) return this.#repeatedAmongAll();
      last = id;
    }
    return undefined;
  }

  /** What a worker is asked for. */
  task(at: number): RowTask {
    const position = this.#chosen?.[at] ?? at;
    const record = this.#record(at);
    const id = idOf(record);
    if (this.#files === undefined) return { id, position };
    const { stamp, ...file } = this.#files.get(record.readUInt32LE(placeStart));
    const known = record.toString('utf8', idStart + record.readUInt32LE(lengthStart));
    const row: SourceRow = {
      id,
      file: { ...file, size: stamp.size },
      ...(known !== '' && { attributes: JSON.parse(known) as SourceRow['attributes'] & object }),
    };
    return { id, position, source: { row, stamp } };
  }

  #record(at: number): Buffer {
    return this.#records.get(this.#chosen?.[at] ?? at);
  }

  #repeatedAmongAll(): string | undefined {
    const ids = new DigestIndex();
    for (let at = 0; at < this.length; at += 1) {
      const id = this.id(at);
      if (ids.add(sha256(id)) < at) return id;
    }
    return undefined;
  }
}

function addRow(records: Records, id: string, input: string, place = 0, attributes = ''): void {
  records.add(idStart + 3 * (id.length + attributes.length), (bytes) => {
    bytes.write(input, 'hex');
    bytes.writeUInt32LE(place, placeStart);
    const length = bytes.write(id, idStart);
    bytes.writeUInt32LE(length, lengthStart);
    return idStart + length + bytes.write(attributes, idStart + length);
  });
}

function idOf(record: Buffer): string {
  return record.toString('utf8', idStart, idStart + record.readUInt32LE(lengthStart));
}

/** Finds files in a list: nearly always they are the very objects that were made of it. */
function placesIn(files: FileList): (file: SourceFile) => number {
  let byPath: Map<string, number> | undefined;
  return (file) => {
    if (file instanceof ListedSourceFile && file.list === files) return file.place;
    byPath ??= new Map(new ListedSourceFiles(files).map(({ path }, place) => [path, place]));
    const place = byPath.get(file.path);
    if (place === undefined) throw new Error(`a row was listed of a file that is not there: ${file.path}`);
    return place;
  };
}
