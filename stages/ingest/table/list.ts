import { createReadStream } from 'node:fs';
import path from 'node:path';
import {
  StageFailure,
  type SourceFile,
  type SourceFiles,
  type SourceListing,
  type SourceRow,
} from '../../../runner/kind/index.ts';
import { PlaceIndex } from '../../../runner/packed/place-index.ts';
import { withoutLitter } from '../hidden.ts';
import { sharedContents } from '../list.ts';
import { DistinctLabels } from '../names/distinct-labels.ts';
import type { IngestParams } from '../params.ts';
import { readCsv } from './csv.ts';
import { LabelReader } from './labels.ts';
import { LineProblems, type LineProblem } from './problems.ts';

type Attributes = NonNullable<SourceRow['attributes']>;

/**
 * The files that a table of labels names, each with its labels. Files that no line names are excluded by name.
 *
 * @throws StageFailure where the table is not there or cannot be read, and where its lines name files twice or files
 * that are not there.
 */
export async function listTable(all: SourceFiles, params: IngestParams): Promise<SourceListing> {
  const files = withoutLitter(all);
  const table = files.find(({ name }) => name === params.table);
  if (table === undefined) throw noTable(files, params);
  const labels = await labelsIn(table, files, params);
  const isRow = (_file: SourceFile, place: number): boolean => labels.of(place) !== undefined;
  return {
    rows: rowsOf(files, labels),
    excluded: excludedOf(files, table, labels, params),
    warnings: sharedContents(files, isRow),
  };
}

/** The labels of files by their places; many files share few of them. */
class LabelsByPlace {
  readonly #distinct = new DistinctLabels();
  readonly #known: Attributes[] = [];
  readonly #numbers = new Map<Attributes, number>();
  /** From 1; 0 where there is none. */
  readonly #numberAt: Uint32Array;
  readonly #lines: Uint32Array;

  constructor(count: number) {
    this.#numberAt = new Uint32Array(count);
    this.#lines = new Uint32Array(count);
  }

  set(place: number, line: number, labels: Parameters<DistinctLabels['of']>[0]): void {
    const attributes = this.#distinct.of(labels);
    let number = this.#numbers.get(attributes);
    if (number === undefined) {
      number = this.#known.push(attributes);
      this.#numbers.set(attributes, number);
    }
    this.#numberAt[place] = number;
    this.#lines[place] = line;
  }

  of(place: number): Attributes | undefined {
    return this.#known[this.#numberAt[place] - 1];
  }

  /** The line that gives them. */
  line(place: number): number {
    return this.#lines[place];
  }
}

async function labelsIn(
  table: SourceFile,
  files: SourceFiles,
  { columns, delimiter, root, ...params }: IngestParams,
): Promise<LabelsByPlace> {
  const places = new PlaceIndex(files.length, (at) => comparable(files.at(at)!.name));
  let at = -1;
  for (const { name } of files) {
    at += 1;
    if (name !== table.name) places.set(comparable(name), at);
  }
  const place = path.posix.join(root, params.table);
  const labels = new LabelsByPlace(files.length);
  const reader = new LabelReader(columns, place);
  const problems = new LineProblems(place);
  const alike = sameButForFolderAndCase(files, table);
  await readCsv(createReadStream(table.path), delimiter, place, (text) => {
    const read = reader.read(text);
    if (read === undefined) return;
    const found = places.find(comparable(read.path));
    if (found === undefined) problems.add(read.line, missing(read.path, alike, root));
    else if (labels.of(found) !== undefined)
      problems.add(read.line, alreadyNamed(read.path, labels.line(found)));
    else labels.set(found, read.line, read.labels);
  });
  reader.end();
  problems.throwIfAny();
  return labels;
}

function* rowsOf(files: SourceFiles, labels: LabelsByPlace): Generator<SourceRow> {
  let place = -1;
  for (const file of files) {
    place += 1;
    const attributes = labels.of(place);
    if (attributes !== undefined) yield { id: file.name, file, attributes };
  }
}

function* excludedOf(
  files: SourceFiles,
  table: SourceFile,
  labels: LabelsByPlace,
  params: IngestParams,
): Generator<{ name: string; reason: string }> {
  let place = -1;
  for (const { name } of files) {
    place += 1;
    if (labels.of(place) !== undefined || name === table.name) continue;
    yield { name, reason: `no line of ${params.table} names it` };
  }
}

/** File systems and editors compose accented letters in different ways. */
function comparable(name: string): string {
  return name.normalize('NFC');
}

/** Finds the first recording of the same last part of a path, whatever its case; prepared when first asked. */
function sameButForFolderAndCase(
  files: SourceFiles,
  table: SourceFile,
): (name: string) => string | undefined {
  const base = (name: string): string => path.posix.basename(name).toLowerCase();
  let byBase: Map<string, string> | undefined;
  return (name) => {
    if (byBase === undefined) {
      byBase = new Map();
      for (const { name: other } of files) {
        if (other !== table.name && !byBase.has(base(other))) byBase.set(base(other), other);
      }
    }
    return byBase.get(base(name));
  };
}

function missing(named: string, alike: (name: string) => string | undefined, root: string): LineProblem {
  const other = alike(named);
  return {
    message: `${named} is not in ${root}` + (other === undefined ? '' : `, but ${other} is`),
    hint: `write paths relative to ${root}, with the extension and in the case of the file's name`,
  };
}

function alreadyNamed(named: string, firstLine: number): LineProblem {
  return {
    message: `${named} is named in line ${firstLine} already`,
    hint: 'keep the line with the right label',
  };
}

function noTable(files: SourceFiles, { root, table }: IngestParams): StageFailure {
  if (files.length === 0) {
    return new StageFailure('no files there, or no such folder', {
      place: root,
      hint: `name the folder that holds ${table} and the recordings by \`root\``,
    });
  }
  const other = files.find(({ name }) => /\.(csv|tsv|txt)$/i.test(name))?.name;
  return new StageFailure(`there is no ${table} in it`, {
    place: root,
    hint:
      other === undefined
        ? `write one, with a header and a line for each recording; \`table\` says how it is called, relative to ${root}`
        : `if ${other} is the table of labels, set \`table: ${other}\``,
  });
}
