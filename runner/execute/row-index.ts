import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';

/** One row of a row stage's table: what it was made from and what came out. */
export interface IndexedRow {
  readonly id: string;
  /** Digest of the input row. */
  readonly input: string;
  /** Digest of the row itself, its id and cells: the input digest of the next stage's row. */
  readonly content: string;
}

const lineFeed = 0x0a;
const bytesRead = 1 << 16;

export function indexLine({ id, input, content }: IndexedRow): string {
  return `${input} ${content} ${JSON.stringify(id)}\n`;
}

/** Writes a row index in the pace of its table: a row whose batch is not written yet is of no use in the index. */
export class RowIndexWriter {
  readonly #path: string;
  readonly #rowsPerBatch: number;
  #lines: string[] = [];

  constructor(path: string, rowsPerBatch: number) {
    this.#path = path;
    this.#rowsPerBatch = rowsPerBatch;
  }

  add(row: IndexedRow): void {
    this.#lines.push(indexLine(row));
    if (this.#lines.length === this.#rowsPerBatch) this.flush();
  }

  flush(): void {
    appendFileSync(this.#path, this.#lines.join(''));
    this.#lines = [];
  }
}

/** Reads a row index; a last line that was cut short is left out. */
export function readRowIndex(path: string): IndexedRow[] {
  return [...rowsOfIndex(path)];
}

/** The rows of a row index one by one: what a reader does not keep of them takes no memory. */
export function* rowsOfIndex(path: string): Generator<IndexedRow> {
  const file = openSync(path, 'r');
  try {
    let bytes = Buffer.allocUnsafeSlow(bytesRead);
    /** How much of `bytes` is filled. */
    let filled = 0;
    for (;;) {
      const read = readSync(file, bytes, filled, bytes.length - filled, null);
      if (read === 0) return;
      filled += read;
      let start = 0;
      for (;;) {
        const end = bytes.subarray(0, filled).indexOf(lineFeed, start);
        if (end < 0) break;
        yield {
          input: bytes.toString('latin1', start, start + 64),
          content: bytes.toString('latin1', start + 65, start + 129),
          id: JSON.parse(bytes.toString('utf8', start + 130, end)) as string,
        };
        start = end + 1;
      }
      bytes.copyWithin(0, start, filled);
      filled -= start;
      // A line that is longer than all of it.
      if (filled === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
    }
  } finally {
    closeSync(file);
  }
}
