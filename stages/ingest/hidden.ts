import type { SourceFile, SourceFiles } from '../../runner/kind/index.ts';

/** What file managers and archives leave beside files: of no interest to anybody who asks what became of a recording. */
const LITTER = /^(?:\.DS_Store|\._.*|\.localized|\.directory|\.gitignore|\.gitattributes|\.gitkeep)$/;

/** Whether a file is hidden, or lies in a hidden folder. */
function isHidden({ name }: SourceFile): boolean {
  return /(?:^|\/)\./.test(name);
}

/** The files that are not hidden: the very list where none is. */
export function notHidden(files: SourceFiles): SourceFiles {
  return files.find(isHidden) === undefined ? files : files.filter((file) => !isHidden(file));
}

/** The files without litter: the very list where there is none. */
export function withoutLitter(files: SourceFiles): SourceFiles {
  return files.find(isLitter) === undefined ? files : files.filter((file) => !isLitter(file));
}

/** Hidden files are no recordings, whatever their names say, and are named among those left out. */
export function* hiddenExcluded(files: SourceFiles): Generator<{ name: string; reason: string }> {
  for (const file of files) {
    if (isHidden(file) && !isLitter(file)) yield { name: file.name, reason: 'a hidden file' };
  }
}

function isLitter({ name }: SourceFile): boolean {
  return LITTER.test(name.slice(name.lastIndexOf('/') + 1));
}
