/** Strings as they cross between processes. */
export interface StringsAsBytes {
  /** All of them in UTF-8, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each ends in `bytes`. */
  readonly ends: Uint32Array;
}

/**
 * A list of strings that is only added to: of a hundred thousand, each takes its bytes and four more, where an object of
 * its own would take some fifty.
 */
export class PackedStrings implements Iterable<string> {
  #bytes: Buffer;
  #ends: Uint32Array;
  #length: number;

  constructor({ bytes, ends }: StringsAsBytes = { bytes: new Uint8Array(256), ends: new Uint32Array(0) }) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#ends = ends;
    this.#length = ends.length;
  }

  get length(): number {
    return this.#length;
  }

  add(text: string): void {
    const start = this.#end(this.#length - 1);
    // No character takes more than three bytes for each of its units.
    const room = start + 3 * text.length;
    if (room > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(1.5 * room));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    if (this.#length === this.#ends.length) {
      const more = new Uint32Array(Math.max(16, Math.ceil(1.5 * this.#length)));
      more.set(this.#ends);
      this.#ends = more;
    }
    this.#ends[this.#length] = start + this.#bytes.write(text, start);
    this.#length += 1;
  }

  get(at: number): string {
    return this.#bytes.toString('utf8', this.#end(at - 1), this.#end(at));
  }

  *[Symbol.iterator](): Generator<string> {
    for (let at = 0; at < this.#length; at += 1) yield this.get(at);
  }

  asBytes(): StringsAsBytes {
    return {
      bytes: this.#bytes.subarray(0, this.#end(this.#length - 1)),
      ends: this.#ends.subarray(0, this.#length),
    };
  }

  #end(at: number): number {
    return at < 0 ? 0 : this.#ends[at];
  }
}
