import type { FileList } from '../fingerprint/file-list.ts';
import type { SourceFile, SourceRow } from '../kind/index.ts';
import { PackedDigests } from '../packed/digests.ts';
import { PackedStrings } from '../packed/strings.ts';
import type { RowTask } from './row-runner.ts';

/** Where a source's row comes from. */
interface Origins {
  readonly files: FileList;
  /** The row's file by its place in the list. */
  readonly places: Uint32Array;
  /** JSON; empty where there are none. */
  readonly attributes: PackedStrings;
}

/** The rows that a stage is to make, in the order of its table; of a hundred thousand some ten megabytes. */
export class RowList {
  readonly #ids: PackedStrings;
  readonly #inputs: PackedDigests;
  readonly #origins: Origins | undefined;
  /** Of the rows that are wanted, their places among all; undefined where all are. */
  readonly #chosen: Uint32Array | undefined;

  private constructor(
    ids: PackedStrings,
    inputs: PackedDigests,
    origins?: Origins,
    chosen?: readonly number[],
  ) {
    this.#ids = ids;
    this.#inputs = inputs;
    this.#origins = origins;
    this.#chosen = chosen === undefined ? undefined : Uint32Array.from(chosen);
  }

  /** Rows of an input table: their ids, and the digests of what they hold. */
  static async ofTable(
    rows: Iterable<{ id: string; input: string }> | AsyncIterable<{ id: string; input: string }>,
  ): Promise<RowList> {
    const ids = new PackedStrings();
    const inputs = new PackedDigests();
    for await (const { id, input } of rows) {
      ids.add(id);
      inputs.add(input);
    }
    return new RowList(ids, inputs);
  }

  /** Rows of a source, whose files are those of a list or have their paths. */
  static ofSource(rows: readonly SourceRow[], files: FileList, inputOf: (row: SourceRow) => string): RowList {
    const ids = new PackedStrings();
    const inputs = new PackedDigests();
    const attributes = new PackedStrings();
    const places = new Uint32Array(rows.length);
    const placeOf = placesIn(files);
    for (const [at, row] of rows.entries()) {
      ids.add(row.id);
      inputs.add(inputOf(row));
      attributes.add(row.attributes === undefined ? '' : JSON.stringify(row.attributes));
      places[at] = placeOf(row.file);
    }
    return new RowList(ids, inputs, { files, places, attributes });
  }

  /** Only the rows at some places. */
  only(places: readonly number[]): RowList {
    return new RowList(this.#ids, this.#inputs, this.#origins, places);
  }

  get length(): number {
    return this.#chosen?.length ?? this.#ids.length;
  }

  id(at: number): string {
    return this.#ids.get(this.#place(at));
  }

  /** Digest of what the row is made from. */
  input(at: number): string {
    return this.#inputs.get(this.#place(at));
  }

  /** Path of a source's file. */
  path(at: number): string {
    const { files, places } = this.#origins!;
    return files.path(places[this.#place(at)]);
  }

  /** What a worker is asked for. */
  task(at: number): RowTask {
    const position = this.#place(at);
    const id = this.#ids.get(position);
    if (this.#origins === undefined) return { id, position };
    const { files, places, attributes } = this.#origins;
    const { stamp, ...file } = files.get(places[position]);
    const known = attributes.get(position);
    const row: SourceRow = {
      id,
      file: { ...file, size: stamp.size },
      ...(known !== '' && { attributes: JSON.parse(known) as SourceRow['attributes'] & object }),
    };
    return { id, position, source: { row, stamp } };
  }

  #place(at: number): number {
    return this.#chosen?.[at] ?? at;
  }
}

/** A file of a list as a source is given it: a hundred thousand with their texts would take fifty megabytes. */
class FileOfList implements SourceFile {
  readonly list: FileList;
  readonly at: number;

  constructor(list: FileList, at: number) {
    this.list = list;
    this.at = at;
  }

  get name(): string {
    return this.list.name(this.at);
  }

  get path(): string {
    return this.list.path(this.at);
  }

  get size(): number {
    return this.list.size(this.at);
  }

  get digest(): string {
    return this.list.digest(this.at);
  }

  /** A copy by its values, as of any other object. */
  toJSON(): SourceFile {
    const { name, path, size, digest } = this;
    return { name, path, size, digest };
  }
}

/** The files of a list, in its order. */
export function sourceFilesOf(files: FileList): SourceFile[] {
  return Array.from({ length: files.length }, (_, at) => new FileOfList(files, at));
}

/** Finds files in a list: nearly always they are the very objects that were made of it. */
function placesIn(files: FileList): (file: SourceFile) => number {
  let byPath: Map<string, number> | undefined;
  return (file) => {
    if (file instanceof FileOfList && file.list === files) return file.at;
    byPath ??= new Map(sourceFilesOf(files).map(({ path }, place) => [path, place]));
    const place = byPath.get(file.path);
    if (place === undefined) throw new Error(`a row was listed of a file that is not there: ${file.path}`);
    return place;
  };
}
