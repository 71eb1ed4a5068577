/**
 * A row of a node as one integer that sorts by bin: 8 bits bin, 8 bits how often the bootstrap drew the row, 15 bits
 * class. Everything a search for a split reads comes along with the sort.
 */
export const binShift = 23;
export const countShift = 15;
export const countMask = 0xff;
export const classMask = 0x7fff;

/** Up to this many rows, sorting by insertion is faster than by counting. */
const insertionLimit = 20;

/** Sorts the rows of one node by their bin of one feature. Made once for a tree grower: it keeps its buffers. */
export class RowSorter {
  /** The keys of the last sort, ascending by bin. */
  readonly keys: Int32Array;
  /** How many rows each bin has, then where its next row goes. */
  readonly #places = new Int32Array(256);

  constructor(rows: number) {
    this.keys = new Int32Array(rows);
  }

  /**
   * `rows[from … to]` are the node's rows, `payloads` their count and class in the same order; the bins of the feature
   * begin at `column` of `bins`. False: all rows lie in one bin, and `keys` means nothing.
   */
  sort(
    bins: Uint8Array,
    column: number,
    rows: Int32Array,
    from: number,
    to: number,
    payloads: Int32Array,
  ): boolean {
    return to - from <= insertionLimit
      ? this.#insert(bins, column, rows, from, to, payloads)
      : this.#count(bins, column, rows, from, to, payloads);
  }

  #insert(
    bins: Uint8Array,
    column: number,
    rows: Int32Array,
    from: number,
    to: number,
    payloads: Int32Array,
  ): boolean {
    const keys = this.keys;
    for (let i = from, sorted = 0; i < to; i++, sorted++) {
      const key = (bins[column + rows[i]] << binShift) | payloads[i];
      let place = sorted;
      while (place > 0 && keys[place - 1] > key) {
        keys[place] = keys[place - 1];
        place--;
      }
      keys[place] = key;
    }
    return keys[0] >>> binShift !== keys[to - from - 1] >>> binShift;
  }

  #count(
    bins: Uint8Array,
    column: number,
    rows: Int32Array,
    from: number,
    to: number,
    payloads: Int32Array,
  ): boolean {
    const keys = this.keys;
    const places = this.#places.fill(0);
    for (let i = from; i < to; i++) {
      places[bins[column + rows[i]]]++;
    }
    const count = to - from;
    if (places[bins[column + rows[from]]] === count) return false;
    let before = 0;
    for (let bin = 0; bin < 256; bin++) {
      const inBin = places[bin];
      places[bin] = before;
      before += inBin;
    }
    for (let i = from; i < to; i++) {
      const bin = bins[column + rows[i]];
      keys[places[bin]++] = (bin << binShift) | payloads[i];
    }
    return true;
  }
}
