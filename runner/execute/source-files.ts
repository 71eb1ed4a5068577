import type { FileList } from '../fingerprint/file-list.ts';
import type { SourceFile, SourceFiles } from '../kind/index.ts';

/** A file of a list as a source is given it: made when it is asked for, and of its texts those that are. */
export class ListedSourceFile implements SourceFile {
  readonly list: FileList;
  readonly place: number;

  constructor(list: FileList, place: number) {
    this.list = list;
    this.place = place;
  }

  get name(): string {
    return this.list.name(this.place);
  }

  get path(): string {
    return this.list.path(this.place);
  }

  get size(): number {
    return this.list.size(this.place);
  }

  get digest(): string {
    return this.list.digest(this.place);
  }

  /** A copy by its values, as of any other object. */
  toJSON(): SourceFile {
    const { name, path, size, digest } = this;
    return { name, path, size, digest };
  }
}

/** The files of a list as a source is given them, in its order. */
export class ListedSourceFiles implements SourceFiles {
  readonly #list: FileList;

  constructor(list: FileList) {
    this.#list = list;
  }

  get length(): number {
    return this.#list.length;
  }

  at(place: number): SourceFile | undefined {
    const from0 = place < 0 ? this.length + place : place;
    return from0 >= 0 && from0 < this.length ? new ListedSourceFile(this.#list, from0) : undefined;
  }

  *[Symbol.iterator](): Generator<SourceFile> {
    for (let place = 0; place < this.length; place += 1) yield new ListedSourceFile(this.#list, place);
  }

  map<Result>(make: (file: SourceFile, place: number) => Result): Result[] {
    return Array.from(this, make);
  }

  filter(wanted: (file: SourceFile, place: number) => boolean): SourceFile[] {
    return [...this].filter(wanted);
  }

  find(wanted: (file: SourceFile, place: number) => boolean): SourceFile | undefined {
    let place = 0;
    for (const file of this) if (wanted(file, place++)) return file;
    return undefined;
  }
}
