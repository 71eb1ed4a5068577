import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  StageFailure,
  type SourceFile,
  type SourceListing,
  type SourceRow,
} from '../../../runner/kind/index.ts';
import { compareText, sharedContents } from '../list.ts';
import type { IngestParams } from '../params.ts';
import { readCsv } from './csv.ts';
import { readLabels } from './labels.ts';
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
  const lines = readCsv(readFileSync(table.path), params.delimiter, place);
  const labelled = readLabels(lines, params.columns, place);

  const recordings = files.filter((file) => file !== table);
  const byName = new Map(recordings.map((file) => [comparable(file.name), file]));
  const firstLines = new Map<SourceFile, number>();
  const problems = new LineProblems(place);
  const rows = labelled.flatMap(({ line, path: named, labels }): SourceRow[] => {
    const file = byName.get(comparable(named));
    const problem =
      file === undefined
        ? missing(named, recordings, params.root)
        : alreadyNamed(named, firstLines.get(file));
    if (problem !== undefined) problems.add(line, problem);
    if (file === undefined || problem !== undefined) return [];
    firstLines.set(file, line);
    return [{ id: file.name, file, attributes: { ...labels } }];
  });
  problems.throwIfAny();
  rows.sort((a, b) => compareText(a.id, b.id));
  const excluded = recordings
    .filter((file) => !firstLines.has(file))
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

function alreadyNamed(named: string, firstLine: number | undefined): LineProblem | undefined {
  if (firstLine === undefined) return undefined;
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
