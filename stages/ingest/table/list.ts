import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  StageFailure,
  type SourceFile,
  type SourceListing,
  type SourceRow,
} from '../../../runner/kind/index.ts';
import { compareText, sharedContents } from '../list.ts';
import { DistinctLabels } from '../names/distinct-labels.ts';
import type { IngestParams } from '../params.ts';
import { readCsv } from './csv.ts';
import { LabelReader } from './labels.ts';
import { LineProblems, type LineProblem } from './problems.ts';

/**
 * The files that a table of labels names, each with its labels. Files that no line names are excluded by name.
 *
 * @throws StageFailure where the table is not there or cannot be read, and where its lines name files twice or files
 * that are not there.
 */
export function listTable(files: readonly SourceFile[], params: IngestParams): SourceListing {
  const table = files.find(({ name }) => name === params.table);
  if (table === undefined) throw noTable(files, params);
  const place = path.posix.join(params.root, params.table);
  const recordings = files.filter((file) => file !== table);
  const placeOf = new Map(recordings.map((file, at) => [comparable(file.name), at]));
  const firstLines = new Int32Array(recordings.length);
  const labelsOf: SourceRow['attributes'][] = [];
  const reader = new LabelReader(params.columns, place);
  const distinct = new DistinctLabels();
  const problems = new LineProblems(place);
  readCsv(readFileSync(table.path), params.delimiter, place, (text) => {
    const read = reader.read(text);
    if (read === undefined) return;
    const { line, path: named, labels } = read;
    const at = placeOf.get(comparable(named));
    if (at === undefined) problems.add(line, missing(named, recordings, params.root));
    else if (firstLines[at] > 0) problems.add(line, alreadyNamed(named, firstLines[at]));
    else {
      firstLines[at] = line;
      labelsOf[at] = distinct.of(labels);
    }
  });
  reader.end();
  problems.throwIfAny();
  const rows = recordings.flatMap((file, at): SourceRow[] =>
    labelsOf[at] === undefined ? [] : [{ id: file.name, file, attributes: labelsOf[at] }],
  );
  rows.sort((a, b) => compareText(a.id, b.id));
  const excluded = recordings
    .filter((_, at) => firstLines[at] === 0)
    .map(({ name }) => ({ name, reason: `no line of ${params.table} names it` }))
    .sort((a, b) => compareText(a.name, b.name));
  return { rows, excluded, warnings: sharedContents(rows) };
}

/** File systems and editors compose accented letters in different ways. */
function comparable(name: string): string {
  return name.normalize('NFC');
}

function missing(named: string, recordings: readonly SourceFile[], root: string): LineProblem {
  const base = path.posix.basename(named).toLowerCase();
  const alike = recordings.find(({ name }) => path.posix.basename(name).toLowerCase() === base);
  return {
    message: `${named} is not in ${root}` + (alike === undefined ? '' : `, but ${alike.name} is`),
    hint: `write paths relative to ${root}, with the extension and in the case of the file's name`,
  };
}

function alreadyNamed(named: string, firstLine: number): LineProblem {
  return {
    message: `${named} is named in line ${firstLine} already`,
    hint: 'keep the line with the right label',
  };
}

function noTable(files: readonly SourceFile[], { root, table }: IngestParams): StageFailure {
  if (files.length === 0) {
    return new StageFailure('no files there, or no such folder', {
      place: root,
      hint: `name the folder that holds ${table} and the recordings by \`root\``,
    });
  }
  const other = files.find(({ name }) => /\.(csv|tsv|txt)$/i.test(name));
  return new StageFailure(`there is no ${table} in it`, {
    place: root,
    hint:
      other === undefined
        ? `write one, with a header and a line for each recording; \`table\` says how it is called, relative to ${root}`
        : `if ${other.name} is the table of labels, set \`table: ${other.name}\``,
  });
}
