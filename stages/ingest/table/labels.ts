import { StageFailure } from '../../../runner/kind/index.ts';
import { cleanLabel, emotionNamed } from '../emotions.ts';
import type { Labels } from '../names/naming.ts';
import type { IngestParams } from '../params.ts';
import type { TableLine } from './csv.ts';
import { LineProblems } from './problems.ts';

/** What one line of the table says. */
export interface LabelledPath {
  readonly line: number;
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly labels: Labels;
}

type Field = keyof IngestParams['columns'];
/** Where each field stands in a line; null where the table does not have it. */
type Places = Readonly<Record<Field, number | null>>;

const REQUIRED: readonly Field[] = ['path', 'emotion', 'speaker'];
const WORDS_FOR_SEX = new Map<string, Labels['sex']>([
  ['male', 'male'],
  ['m', 'male'],
  ['female', 'female'],
  ['f', 'female'],
  ['', ''],
]);

/** Reads the labels out of the lines of a table, the first of which is its header. */
export class LabelReader {
  readonly #columns: IngestParams['columns'];
  readonly #place: string;
  readonly #problems: LineProblems;
  #header: { readonly width: number; readonly places: Places } | undefined;
  #lines = 0;

  /** @param place what the table is called in failures. */
  constructor(columns: IngestParams['columns'], place: string) {
    this.#columns = columns;
    this.#place = place;
    this.#problems = new LineProblems(place);
  }

  /**
   * What the next line says; undefined of the header, and of a line that cannot be used.
   *
   * @throws StageFailure where the header lacks a column.
   */
  read(line: TableLine): LabelledPath | undefined {
    if (this.#header === undefined) {
      const places = placesOf(line, this.#columns, this.#place);
      this.#header = { width: line.cells.length, places };
      return undefined;
    }
    this.#lines += 1;
    return readLine(line, this.#header.width, this.#header.places, this.#columns, this.#problems);
  }

  /** @throws StageFailure that names every line that cannot be used, and why; and where no line named a recording. */
  end(): void {
    const place = this.#place;
    if (this.#header === undefined) {
      throw new StageFailure('is empty', {
        place,
        hint: `write a header, \`${REQUIRED.map((field) => this.#columns[field]).join(',')}\`, and a line for each recording`,
      });
    }
    this.#problems.throwIfAny();
    if (this.#lines > 0) return;
    throw new StageFailure('names no recording: it has only a header', {
      place,
      hint: 'write a line for each recording',
    });
  }
}

function placesOf(header: TableLine, columns: IngestParams['columns'], place: string): Places {
  const placeOf = (field: Field): number | null => {
    const name = columns[field];
    if (name === null) return null;
    const index = header.cells.indexOf(name);
    if (index === -1) throw unknownColumn(field, name, header, place);
    if (header.cells.lastIndexOf(name) !== index) {
      throw new StageFailure(`two columns are called ${name}`, {
        place: `${place}:${header.line}`,
        hint: 'give one of them another header',
      });
    }
    return index;
  };
  return {
    path: placeOf('path'),
    emotion: placeOf('emotion'),
    speaker: placeOf('speaker'),
    sex: placeOf('sex'),
    statement: placeOf('statement'),
    intensity: placeOf('intensity'),
  };
}

function unknownColumn(field: Field, name: string, header: TableLine, place: string): StageFailure {
  const found = header.cells.join(', ');
  const delimiter =
    header.cells.length === 1 ? [';', '\t', '|'].find((sign) => header.cells[0].includes(sign)) : undefined;
  return new StageFailure(`there is no column ${name}; the columns are ${found}`, {
    place: `${place}:${header.line}`,
    hint:
      delimiter === undefined
        ? `say which column holds it, as in \`columns: {${field}: ${header.cells.findLast((cell) => cell !== '') ?? 'HEADER'}}\``
        : `its cells seem to be separated by ${delimiter === '\t' ? 'tabs' : delimiter}: set \`delimiter: ${JSON.stringify(delimiter)}\``,
  });
}

function readLine(
  { line, cells }: TableLine,
  width: number,
  places: Places,
  columns: IngestParams['columns'],
  problems: LineProblems,
): LabelledPath | undefined {
  if (cells.length !== width) {
    problems.add(line, {
      message: `has ${cells.length} cells where the header has ${width}`,
      hint: 'put cells that hold the delimiter between quotes',
    });
    return undefined;
  }
  const cell = (field: Field): string => {
    const text = places[field] === null ? '' : cells[places[field]];
    return field === 'path' ? text : cleanLabel(text);
  };
  const empty = REQUIRED.filter((field) => cell(field) === '');
  for (const field of empty) problems.add(line, emptyCell(field, columns));
  const sex = WORDS_FOR_SEX.get(cell('sex').toLowerCase());
  if (sex === undefined) {
    problems.add(line, {
      message: `${columns.sex} is ${cell('sex')}`,
      hint: 'write male, female or nothing',
    });
  }
  if (empty.length > 0 || sex === undefined) return undefined;
  return {
    line,
    path: normalPath(cell('path')),
    labels: {
      emotion: emotionNamed(cell('emotion')),
      intensity: cell('intensity'),
      statement: cell('statement'),
      repetition: 0,
      speaker: cell('speaker'),
      sex,
    },
  };
}

function emptyCell(
  field: Field,
  columns: IngestParams['columns'],
): { readonly message: string; readonly hint: string } {
  const hints: Partial<Record<Field, string>> = {
    speaker: 'where nobody knows, give each clip a speaker of its own',
  };
  return { message: `${columns[field]} is empty`, hint: hints[field] ?? 'fill it in, or delete the line' };
}

/** Forward slashes, no `./` before it: as files are listed. */
function normalPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(\.\/+)+/, '');
}
