import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse, type CsvErrorCode, type Info } from 'csv-parse';
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
 * @param content in parts of any size, each of which is let go of before the next.
 * @param place what the file is called in failures.
 * @param take is given each line in order; what it throws ends the reading.
 * @throws StageFailure where the text is not UTF-8 and where quotes are wrong.
 */
export async function readCsv(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  delimiter: string,
  place: string,
  take: (line: TableLine) => void,
): Promise<void> {
  const lines = parse({
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
  // Nothing comes out of it, but only a stream that is read ends.
  lines.resume();
  try {
    await pipeline(content, unixLines(place), lines);
  } catch (error) {
    if (error instanceof CsvError) throw brokenQuotes(error, place);
    throw error;
  }
}

/** Text with `\n` alone as its line break: the parser counts `\r\n` inside quotes as two lines. */
function unixLines(place: string): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** The end of a part may be half of a line break. */
  let pending = '';
  const decoded = (bytes?: Uint8Array): string => {
    const text = pending + decode(decoder, bytes, place);
    pending = bytes !== undefined && text.endsWith('\r') ? '\r' : '';
    return text.slice(0, text.length - pending.length).replaceAll('\r\n', '\n');
  };
  return new Transform({
    transform(bytes: Uint8Array, _encoding, done) {
      settle(done, () => decoded(bytes));
    },
    flush(done) {
      settle(done, () => decoded());
    },
  });
}

function settle(done: (error: Error | null, text?: string) => void, text: () => string): void {
  try {
    done(null, text());
  } catch (error) {
    done(error as Error);
  }
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array | undefined,
  place: string,
): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
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
