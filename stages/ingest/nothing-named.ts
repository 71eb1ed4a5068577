import { StageFailure, type SourceFiles } from '../../runner/kind/index.ts';
import { namings } from './names/index.ts';
import type { Naming } from './names/naming.ts';

/** Why a folder holds no recording of the corpus asked for, and what it looks like instead. */
export function nothingNamed(naming: Naming, root: string, files: SourceFiles): StageFailure {
  const first = files.at(0)?.name;
  const parsed = first === undefined ? undefined : naming.parse(first);
  const what =
    parsed === undefined || !('reason' in parsed)
      ? 'no files there, or no such folder'
      : `none of the ${files.length} files there is a ${naming.title} speech recording (${first!}: ${parsed.reason})`;
  return new StageFailure(what, { place: root, hint: wayOut(naming, files) });
}

function wayOut(naming: Naming, files: SourceFiles): string {
  const other = Object.entries(namings).find(
    ([, candidate]) => files.find(({ name }) => 'labels' in candidate.parse(name)) !== undefined,
  );
  if (other !== undefined) return `the names are those of ${other[1].title}: set \`names: ${other[0]}\``;
  const table = files.find(({ name }) => name.toLowerCase().endsWith('.csv'))?.name;
  if (table !== undefined) {
    return `if ${table} holds the labels, set \`names: table\` and \`table: ${table}\``;
  }
  return naming.title === namings.ravdess.title
    ? 'fetch the corpus with `./pipeline data ravdess`, name its folder with `--set ingest.root=DIR`, or make a small one with `--profile demo`'
    : `name the folder of ${naming.title} by \`root\`, the way its files are named by \`names\`, or list them in a CSV: \`names: table\``;
}
