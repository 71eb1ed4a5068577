import {
  StageFailure,
  type SourceFile,
  type SourceFiles,
  type SourceListing,
  type SourceRow,
} from '../../runner/kind/index.ts';
import { PlaceIndex } from '../../runner/packed/place-index.ts';
import { hiddenExcluded, notHidden } from './hidden.ts';
import { DistinctLabels } from './names/distinct-labels.ts';
import type { Naming } from './names/naming.ts';
import { nothingNamed } from './nothing-named.ts';

/**
 * Which files are recordings of a corpus, by their names. The others are excluded by name with the reason. A corpus is
 * often handed on with each file twice, in two folders: of equal files the one in the fewest folders is kept.
 *
 * @throws StageFailure where no file is usable, and where two files of one name differ.
 */
export function listNamed(all: SourceFiles, naming: Naming, root: string): SourceListing {
  const files = notHidden(all);
  const kept = keptRecordings(files, naming, root);
  const isKept = ({ name }: SourceFile, place: number): boolean => {
    const parsed = naming.parse(name);
    return 'recording' in parsed && kept.find(parsed.recording) === place;
  };
  return {
    rows: rowsOf(files, naming, kept),
    excluded: excludedOf(all, files, naming, kept),
    warnings: sharedContents(files, isKept),
  };
}

/** Files of different names and equal contents: mostly a mistaken copy, with another label. */
export function* sharedContents(
  files: SourceFiles,
  isRow: (file: SourceFile, place: number) => boolean,
): Generator<string> {
  const first = new PlaceIndex(files.length, (place) => files.at(place)!.digest);
  let place = -1;
  for (const file of files) {
    place += 1;
    if (!isRow(file, place)) continue;
    const { name, digest } = file;
    const other = first.find(digest);
    if (other === undefined) first.set(digest, place);
    else yield `${name} has the same content as ${files.at(other)!.name}, under another name`;
  }
}

/** The files that are kept, by the name of their recording. */
function keptRecordings(files: SourceFiles, naming: Naming, root: string): PlaceIndex {
  const kept = new PlaceIndex(files.length, (place) => recordingOf(naming, files.at(place)!.name)!);
  let place = -1;
  let any = false;
  for (const file of files) {
    place += 1;
    const recording = recordingOf(naming, file.name);
    if (recording === undefined) continue;
    any = true;
    const other = kept.find(recording);
    if (other === undefined) {
      kept.set(recording, place);
      continue;
    }
    const twin = files.at(other)!;
    const [one, two] = depthOf(file) < depthOf(twin) ? [file, twin] : [twin, file];
    if (one.digest !== two.digest) throw conflict(one, two, root);
    if (one === file) kept.set(recording, place);
  }
  if (!any) throw nothingNamed(naming, root, files);
  return kept;
}

function* rowsOf(files: SourceFiles, naming: Naming, kept: PlaceIndex): Generator<SourceRow> {
  const distinct = new DistinctLabels();
  let place = -1;
  for (const file of files) {
    place += 1;
    const { name } = file;
    const parsed = naming.parse(name);
    if ('reason' in parsed || kept.find(parsed.recording) !== place) continue;
    yield { id: name, file, attributes: distinct.of(parsed.labels) };
  }
}

function* excludedOf(
  all: SourceFiles,
  files: SourceFiles,
  naming: Naming,
  kept: PlaceIndex,
): Generator<{ name: string; reason: string }> {
  yield* hiddenExcluded(all);
  let place = -1;
  for (const { name } of files) {
    place += 1;
    const parsed = naming.parse(name);
    if ('reason' in parsed) {
      yield { name, reason: parsed.reason };
      continue;
    }
    const twin = kept.find(parsed.recording)!;
    if (twin !== place) yield { name, reason: `the same as ${files.at(twin)!.name}` };
  }
}

function recordingOf(naming: Naming, name: string): string | undefined {
  const parsed = naming.parse(name);
  return 'recording' in parsed ? parsed.recording : undefined;
}

function depthOf({ name }: SourceFile): number {
  return name.split('/').length;
}

function conflict(one: SourceFile, other: SourceFile, root: string): StageFailure {
  return new StageFailure(`${one.name} and ${other.name} have one name and different contents`, {
    place: root,
    hint: 'keep the right one and take the other out of the folder',
  });
}
