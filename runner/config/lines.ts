import type { Place } from '../errors.ts';

/** Turns offsets in a text into lines and columns. The counter of the parser is off in some malformed texts. */
export class Lines {
  readonly file: string;
  private readonly starts: number[] = [0];

  constructor(text: string, file: string) {
    this.file = file;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
      this.starts.push(end + 1);
    }
  }

  /** The place from one offset up to another; its end is known only where it lies on the same line. */
  place(start: number, end: number): Place {
    const line = this.lineOf(start);
    const first = this.starts[line];
    const next = this.starts.at(line + 1) ?? Infinity;
    const place = { file: this.file, line: line + 1, column: start - first + 1 };
    return end > start && end < next ? { ...place, endColumn: end - first + 1 } : place;
  }

  /** The last line that starts at or before the offset, from 0. */
  private lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
