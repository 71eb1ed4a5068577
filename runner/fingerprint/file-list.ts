import { posix, sep } from 'node:path';
import { PackedDigests } from '../packed/digests.ts';
import { PackedStrings, type StringsAsBytes } from '../packed/strings.ts';
import { type Stamp, type StampNumbers, stampOfNumbers } from './stat.ts';

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

/** A list of files as it crosses between processes. */
export interface FilesAsBytes {
  readonly folder: string;
  readonly names: StringsAsBytes;
  readonly paths?: StringsAsBytes;
  readonly digests: Uint8Array<ArrayBuffer>;
  readonly stamps: BigInt64Array<ArrayBuffer>;
}

/** Size, time of modification, time of change, inode. */
const numbersPerStamp = 4;

/**
 * A list of files that is only added to. Of a corpus of a hundred thousand it takes some ten megabytes, a tenth of what
 * as many objects would.
 */
export class FileList implements Iterable<ListedFile> {
  /** Where the files lie, unless each says so itself. */
  readonly folder: string;
  readonly #names: PackedStrings;
  readonly #paths: PackedStrings | undefined;
  readonly #digests: PackedDigests;
  #stamps: BigInt64Array<ArrayBuffer>;

  private constructor(
    folder: string,
    names: PackedStrings,
    paths: PackedStrings | undefined,
    digests: PackedDigests,
    stamps: BigInt64Array<ArrayBuffer>,
  ) {
    this.folder = folder;
    this.#names = names;
    this.#paths = paths;
    this.#digests = digests;
    this.#stamps = stamps;
  }

  /** Of files below one folder, each at its name there. */
  static below(folder: string): FileList {
    return new FileList(folder, new PackedStrings(), undefined, new PackedDigests(), new BigInt64Array(0));
  }

  /** Of files that lie anywhere. */
  static anywhere(): FileList {
    return new FileList(
      '',
      new PackedStrings(),
      new PackedStrings(),
      new PackedDigests(),
      new BigInt64Array(0),
    );
  }

  static fromBytes({ folder, names, paths, digests, stamps }: FilesAsBytes): FileList {
    return new FileList(
      folder,
      new PackedStrings(names),
      paths === undefined ? undefined : new PackedStrings(paths),
      new PackedDigests(digests),
      stamps,
    );
  }

  get length(): number {
    return this.#names.length;
  }

  add({ name, path, numbers, digest }: FoundFile): void {
    const start = this.length * numbersPerStamp;
    if (start === this.#stamps.length) {
      const more = new BigInt64Array(numbersPerStamp * Math.max(16, Math.ceil(1.5 * this.length)));
      more.set(this.#stamps);
      this.#stamps = more;
    }
    this.#stamps.set(numbers, start);
    this.#names.add(name);
    this.#paths?.add(path);
    this.#digests.add(digest);
  }

  addAll(files: FileList): void {
    for (let at = 0; at < files.length; at += 1) {
      this.add({
        name: files.name(at),
        path: files.path(at),
        numbers: files.numbers(at),
        digest: files.digest(at),
      });
    }
  }

  name(at: number): string {
    return this.#names.get(at);
  }

  path(at: number): string {
    const own = this.#paths?.get(at);
    if (own !== undefined) return own;
    const name = this.name(at);
    if (name === '') return this.folder;
    // Both parts are in their shortest form already: nothing is looked for in a path, a hundred thousand times.
    return `${this.folder}${sep}${sep === posix.sep ? name : name.replaceAll(posix.sep, sep)}`;
  }

  digest(at: number): string {
    return this.#digests.get(at);
  }

  stamp(at: number): Stamp {
    return stampOfNumbers(this.numbers(at));
  }

  numbers(at: number): StampNumbers {
    return this.#stamps.subarray(at * numbersPerStamp, (at + 1) * numbersPerStamp);
  }

  size(at: number): number {
    return Number(this.#stamps[at * numbersPerStamp]);
  }

  get(at: number): ListedFile {
    return { name: this.name(at), path: this.path(at), stamp: this.stamp(at), digest: this.digest(at) };
  }

  *[Symbol.iterator](): Generator<ListedFile> {
    for (let at = 0; at < this.length; at += 1) yield this.get(at);
  }

  asBytes(): FilesAsBytes {
    return {
      folder: this.folder,
      names: this.#names.asBytes(),
      ...(this.#paths !== undefined && { paths: this.#paths.asBytes() }),
      digests: this.#digests.asBytes(),
      stamps: this.#stamps.subarray(0, this.length * numbersPerStamp),
    };
  }
}
