const bytesPerDigest = 32;

/** A list of SHA-256 digests that is only added to: each takes 32 bytes, where a string takes some eighty. */
export class PackedDigests {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** `digest` in hexadecimal. */
  add(digest: string): void {
    const start = this.#length * bytesPerDigest;
    if (start === this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(bytesPerDigest * Math.max(16, Math.ceil(1.5 * this.#length)));
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    if (this.#bytes.write(digest, start, bytesPerDigest, 'hex') !== bytesPerDigest) {
      throw new Error(`this is no digest: ${digest}`);
    }
    this.#length += 1;
  }

  /** In hexadecimal. */
  get(at: number): string {
    const start = at * bytesPerDigest;
    return this.#bytes.toString('hex', start, start + bytesPerDigest);
  }
}
