import { PackedDigests } from './digests.ts';

const empty = -1;

/** Numbers distinct digests from 0 in the order they come: a Map of a hundred thousand in a tenth of its memory. */
export class DigestIndex {
  readonly #digests = new PackedDigests();
  /** Open addressing: at most half full, so that a run of taken slots stays short. */
  #slots = new Int32Array(32).fill(empty);

  get size(): number {
    return this.#digests.length;
  }

  /** The digest's number, given to it now if it has none. */
  add(digest: string): number {
    const slot = this.#slotOf(digest);
    if (this.#slots[slot] !== empty) return this.#slots[slot];
    const number = this.#digests.length;
    this.#digests.add(digest);
    this.#slots[slot] = number;
    if (2 * this.#digests.length > this.#slots.length) this.#grow();
    return number;
  }

  /** The digest's number, or undefined where it has none. */
  numberOf(digest: string): number | undefined {
    const number = this.#slots[this.#slotOf(digest)];
    return number === empty ? undefined : number;
  }

  has(digest: string): boolean {
    return this.numberOf(digest) !== undefined;
  }

  /** The slot that holds a digest, or the free one where it would go. */
  #slotOf(digest: string): number {
    const last = this.#slots.length - 1;
    // Digests are as good as random: some of their bits are a hash.
    for (let slot = Number.parseInt(digest.slice(0, 8), 16) & last; ; slot = (slot + 1) & last) {
      const number = this.#slots[slot];
      if (number === empty || this.#digests.get(number) === digest) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(empty);
    for (let number = 0; number < this.#digests.length; number += 1) {
      this.#slots[this.#slotOf(this.#digests.get(number))] = number;
    }
  }
}
