import { createColors } from 'picocolors';
import type { DocumentInspection, FileInspection, Inspection } from '../inspection.ts';
import { formatRow } from './format-row.ts';
import { formatTableInspection } from './format-table-inspection.ts';
import { formatBytes } from './numbers.ts';
import { cut, formatTable } from './text-table.ts';

export interface FormatOptions {
  /** Characters in a line. */
  readonly columns: number;
  readonly colour: boolean;
}

const narrowest = 40;
/** A folder in an artifact with more files than these is one line. */
const filesShown = 6;

/** An inspection as the terminal shows it, without a line feed at the end. */
export function formatInspection(inspection: Inspection, options: FormatOptions): string {
  const width = Math.max(options.columns, narrowest);
  const { bold, dim } = createColors(options.colour);
  const sections: string[][] = [];
  if (inspection.row !== undefined) {
    sections.push(formatRow(inspection.row, width, options.colour));
  } else {
    const isFolder = inspection.files.length !== 1 || !inspection.path.endsWith(inspection.files[0].name);
    if (isFolder) sections.push([bold(inspection.path), ...formatFiles(inspection.files, width)]);
    for (const table of inspection.tables) {
      const file = inspection.files.find(({ name }) => name === table.name);
      sections.push(formatTableInspection(table, file?.bytes ?? 0, width, options.colour));
    }
    for (const document of inspection.documents) {
      sections.push([bold(document.name), ...formatDocument(document, width).map((line) => dim(line))]);
    }
    if (!isFolder && sections.length === 0) sections.push(formatFiles(inspection.files, width));
  }
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function formatFiles(files: readonly FileInspection[], width: number): string[] {
  if (files.length === 0) return ['  no files'];
  const rows = [...foldersOf(files)].flatMap(([folder, inside]) => {
    if (folder === '' || inside.length <= filesShown) return inside;
    const bytes = inside.reduce((sum, file) => sum + file.bytes, 0);
    return [{ name: `${folder}/  ${inside.length} files`, bytes }];
  });
  const lines = rows.map(({ name, bytes }) => ({ cells: [formatBytes(bytes)], rest: name }));
  return formatTable(lines, width - 2, new Set([0])).map((line) => `  ${line}`);
}

/** Files by the outermost folder they are in. */
function foldersOf(files: readonly FileInspection[]): Map<string, FileInspection[]> {
  const folders = new Map<string, FileInspection[]>();
  for (const file of files) {
    const folder = file.name.slice(0, Math.max(file.name.indexOf('/'), 0));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

function formatDocument({ lines, more }: DocumentInspection, width: number): string[] {
  const shown = lines.map(({ depth, key, value }) => {
    const text = key === '' ? value : value === '' ? `${key}:` : `${key}: ${value}`;
    return cut(`${' '.repeat(2 * depth + 2)}${text.replaceAll('\n', ' ')}`, width);
  });
  return more > 0 ? [...shown, `  … ${more} more lines`] : shown;
}
