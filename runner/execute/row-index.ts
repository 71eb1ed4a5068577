import { readFileSync } from 'node:fs';

/** One row of a row stage's table: what it was made from and what came out. */
export interface IndexedRow {
  readonly id: string;
  /** Digest of the input row. */
  readonly input: string;
  /** Digest of the row itself, its id and cells: the input digest of the next stage's row. */
  readonly content: string;
}

export function indexLine({ id, input, content }: IndexedRow): string {
  return `${input} ${content} ${JSON.stringify(id)}\n`;
}

/** Reads a row index; a last line that was cut short is left out. */
export function readRowIndex(path: string): IndexedRow[] {
  const text = readFileSync(path, 'utf8');
  const rows: IndexedRow[] = [];
  for (let start = 0; ;) {
    const end = text.indexOf('\n', start);
    if (end < 0) return rows;
    rows.push({
      input: text.slice(start, start + 64),
      content: text.slice(start + 65, start + 129),
      id: JSON.parse(text.slice(start + 130, end)) as string,
    });
    start = end + 1;
  }
}
