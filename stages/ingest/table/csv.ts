import { CsvError, parse, type CsvErrorCode, type Info } from 'csv-parse/sync';
import { StageFailure } from '../../../runner/kind/index.ts';

/** A line of a table, or several lines where quoted cells hold line breaks. */
export interface TableLine {
  /** Where it begins, from 1. */
  readonly line: number;
  /** Without white space around them; line breaks inside are `\n`. */
  readonly cells: readonly string[];
}

/**
 * Reads comma-separated values as RFC 4180 has them, with or without a byte order mark; empty lines are no lines.
 *
 * @param place what the file is called in failures.
 * @param take is given each line in order: as cells, a large table would take ten times its size.
 * @throws StageFailure where the text is not UTF-8 and where quotes are wrong.
 */
export function readCsv(
  content: Uint8Array,
  delimiter: string,
  place: string,
  take: (line: TableLine) => void,
): void {
  // The parser counts a line break of two signs inside quotes as two lines.
  const text = decode(content, place).replaceAll('\r\n', '\n');
  try {
    parse(text, {
      bom: true,
      columns: false,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record(told: unknown) {
        const { record, info } = told as { readonly record: readonly string[]; readonly info: Info };
        take({ line: info.lines - lineBreaksIn(record), cells: record.map((cell) => cell.trim()) });
      },
    });
  } catch (error) {
    if (error instanceof CsvError) throw brokenQuotes(error, place);
    throw error;
  }
}

function decode(content: Uint8Array, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new StageFailure('is not text in UTF-8', {
      place,
      hint: 'save the table as CSV in UTF-8; spreadsheets call it “CSV UTF-8”',
    });
  }
}

function lineBreaksIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.match(/[\n\r]/g)?.length ?? 0), 0);
}

const MEANINGS: Partial<Record<CsvErrorCode, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows the closing quote of a cell',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell that is not quoted',
};

function brokenQuotes(error: CsvError, place: string): StageFailure {
  const line = typeof error.lines === 'number' ? `:${error.lines}` : '';
  return new StageFailure(MEANINGS[error.code] ?? error.message, {
    place: place + line,
    hint: 'put cells with quotes or delimiters between quotes, and write each quote inside them twice',
  });
}
