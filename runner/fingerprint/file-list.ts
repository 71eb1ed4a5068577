import { writeFile } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { Records } from '../packed/records.ts';
import { nameOfBytes, writeName } from './file-names.ts';
import { bytesOfNumbers, type Stamp, type StampNumbers, stampOfNumbers } from './stat.ts';

/** A file as it is added to a list. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
  readonly numbers: StampNumbers;
  readonly digest: string;
}

export interface ListedFile {
  /** Relative to the folder of the list, with forward slashes; empty where the list is of one file. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  readonly stamp: Stamp;
  /** SHA-256 of its content. */
  readonly digest: string;
}

/** A list of files that lies in a file of its own, so that another process can read it. */
export interface StoredFileList {
  readonly list: string;
  /** Where the files lie, unless each says so itself. */
  readonly folder: string;
  /** Files that are not in the list, since their names are not UTF-8 and no text can name them; as they are shown. */
  readonly leftOut?: readonly string[];
}

/** In a record: the stamp, the digest, the length of the name, the name, the path where each has its own. */
const digestStart = 32;
const lengthStart = digestStart + 32;
const nameStart = lengthStart + 4;

/** A list of files that is only added to. One of a million takes no more memory than one of a thousand. */
export class FileList implements Iterable<ListedFile> {
  /** Where the files lie, unless each says so itself; empty then. */
  readonly folder: string;
  readonly #records: Records;
  /** How many names are not UTF-8; not known of a list read from a file. */
  #odd = 0;

  private constructor(folder: string, records: Records) {
    this.folder = folder;
    this.#records = records;
  }

  /**
   * Of files below one folder, each at its name there.
   *
   * @param spill a folder for what does not fit into memory.
   */
  static below(folder: string, spill: string): FileList {
    return new FileList(folder, new Records(spill));
  }

  /** Of files that lie anywhere. */
  static anywhere(spill: string): FileList {
    return new FileList('', new Records(spill));
  }

  /** Of no files. */
  static empty(): FileList {
    return new FileList('', new Records(''));
  }

  /** A list that `store` has written. */
  static open({ folder, list }: StoredFileList): FileList {
    const records = Records.open(list);
    if (records === undefined) throw new Error(`${list} is not whole`);
    return new FileList(folder, records);
  }

  get length(): number {
    return this.#records.length;
  }

  /** Whether some of the names added are not UTF-8. */
  get hasOdd(): boolean {
    return this.#odd > 0;
  }

  add({ name, path, numbers, digest }: FoundFile): void {
    const own = this.folder === '' ? path : '';
    if (!name.isWellFormed()) this.#odd += 1;
    this.#records.add(nameStart + 3 * (name.length + own.length), (bytes) => {
      bytesOfNumbers(numbers).copy(bytes);
      bytes.write(digest, digestStart, 'hex');
      const length = writeName(name, bytes, nameStart);
      bytes.writeUInt32LE(length, lengthStart);
      return nameStart + length + writeName(own, bytes, nameStart + length);
    });
  }

  /** Adds those whose names are UTF-8; returns the others' names. */
  addReadable(files: FileList): readonly string[] {
    const others: string[] = [];
    for (let at = 0; at < files.length; at += 1) {
      const name = files.name(at);
      if (!name.isWellFormed()) others.push(name);
      else this.add({ name, path: files.path(at), numbers: files.numbers(at), digest: files.digest(at) });
    }
    return others;
  }

  name(at: number): string {
    const bytes = this.#records.get(at);
    return nameOfBytes(bytes.subarray(nameStart, nameStart + bytes.readUInt32LE(lengthStart)));
  }

  path(at: number): string {
    if (this.folder === '') {
      const bytes = this.#records.get(at);
      return nameOfBytes(bytes.subarray(nameStart + bytes.readUInt32LE(lengthStart)));
    }
    const name = this.name(at);
    if (name === '') return this.folder;
    // Both parts are in their shortest form already: nothing is looked for in a path, a hundred thousand times.
    return `${this.folder}${sep}${sep === posix.sep ? name : name.replaceAll(posix.sep, sep)}`;
  }

  digest(at: number): string {
    return this.#records.get(at).toString('hex', digestStart, lengthStart);
  }

  stamp(at: number): Stamp {
    return stampOfNumbers(this.numbers(at));
  }

  numbers(at: number): StampNumbers {
    const numbers = new BigInt64Array(4);
    this.#records.get(at).copy(bytesOfNumbers(numbers), 0, 0, digestStart);
    return numbers;
  }

  size(at: number): number {
    return Number(this.#records.get(at).readBigInt64LE(0));
  }

  get(at: number): ListedFile {
    return { name: this.name(at), path: this.path(at), stamp: this.stamp(at), digest: this.digest(at) };
  }

  *[Symbol.iterator](): Generator<ListedFile> {
    for (let at = 0; at < this.length; at += 1) yield this.get(at);
  }

  /** Writes the list to a file. */
  async store(path: string): Promise<StoredFileList> {
    await writeFile(path, this.#records.chunks());
    return { list: path, folder: this.folder };
  }
}
