const noPlace = -1;

/**
 * Places in a list by a text that each has, such as a file's name: of a hundred thousand some two megabytes, since the
 * texts themselves are read from the list again.
 */
export class PlaceIndex {
  readonly #keyOf: (place: number) => string;
  readonly #hashOf: (key: string) => number;
  readonly #places: Int32Array;
  /** Beside each place: most texts that differ are told apart without reading them. */
  readonly #hashes: Int32Array;
  #size = 0;

  /**
   * @param count of the places at most.
   * @param keyOf the text of a place.
   * @param hashOf 32 bits that differ for most texts that do.
   */
  constructor(count: number, keyOf: (place: number) => string, hashOf = hashOfText) {
    this.#keyOf = keyOf;
    this.#hashOf = hashOf;
    // Never full, so that a run of taken slots stays short.
    const size = 2 ** Math.ceil(Math.log2(1.3 * count + 2));
    this.#places = new Int32Array(size).fill(noPlace);
    this.#hashes = new Int32Array(size);
  }

  /** Of different texts. */
  get size(): number {
    return this.#size;
  }

  find(key: string): number | undefined {
    const place = this.#places[this.#slotOf(key, this.#hashOf(key))];
    return place === noPlace ? undefined : place;
  }

  /** From now on, the place of a key. */
  set(key: string, place: number): void {
    const hash = this.#hashOf(key);
    const slot = this.#slotOf(key, hash);
    if (this.#places[slot] === noPlace) this.#size += 1;
    this.#places[slot] = place;
    this.#hashes[slot] = hash;
  }

  /** The place of a key, which is the one given where it had none. */
  add(key: string, place: number): number {
    const hash = this.#hashOf(key);
    const slot = this.#slotOf(key, hash);
    if (this.#places[slot] === noPlace) {
      this.#size += 1;
      this.#places[slot] = place;
      this.#hashes[slot] = hash;
    }
    return this.#places[slot];
  }

  /** The slot that holds a key, or the free one where it would go. */
  #slotOf(key: string, hash: number): number {
    const last = this.#places.length - 1;
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const place = this.#places[slot];
      if (place === noPlace) return slot;
      if (this.#hashes[slot] === hash && this.#keyOf(place) === key) return slot;
    }
  }
}

/** FNV-1a over the text's code units (Fowler, Noll & Vo), its high bits mixed into the low ones, of which slots are made. */
function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
