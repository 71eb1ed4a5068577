import { appendFileSync } from 'node:fs';
import { delimited } from '../packed/delimited.ts';

/** One row of a row stage's table: what it was made from and what came out. */
export interface IndexedRow {
  readonly id: string;
  /** Digest of the input row. */
  readonly input: string;
  /** Digest of the row itself, its id and cells: the input digest of the next stage's row. */
  readonly content: string;
}

const lineFeed = 0x0a;

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
  for (const line of delimited(path, lineFeed)) {
    yield {
      input: line.toString('latin1', 0, 64),
      content: line.toString('latin1', 65, 129),
      id: JSON.parse(line.toString('utf8', 130)) as string,
    };
  }
}
