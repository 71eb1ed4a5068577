import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { StageFailure } from '../../../runner/kind/index.ts';
import { requireDiskSpace } from './disk-space.ts';

const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const WAY_OUT = 'delete it and run the command again';

/**
 * Unpacks every file of a zip archive below `folder`, each under its final name only once it is whole. The whole
 * archive is listed before anything is written, and yauzl lists no name that is absolute or goes up: an archive with
 * one entry that would land outside `folder`, or that is a link, is refused whole with a StageFailure.
 */
export async function unzip(
  archive: string,
  folder: string,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const files = await readArchive(archive, async (zip) => {
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith('/')) entries.push(entry);
    return entries;
  });
  for (const entry of files) refuseLink(entry, archive);
  await requireDiskSpace(
    folder,
    files.reduce((sum, entry) => sum + entry.uncompressedSize, 0),
  );
  await readArchive(archive, async (zip) => {
    for (const [index, entry] of files.entries()) {
      signal.throwIfAborted();
      await extract(zip, entry, join(folder, entry.fileName), signal);
      progress(index + 1, files.length);
    }
  });
}

async function readArchive<Result>(archive: string, use: (zip: ZipFile) => Promise<Result>): Promise<Result> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
    return await use(zip);
  } catch (error) {
    if (error instanceof StageFailure || !isArchiveError(error)) throw error;
    throw new StageFailure(`the archive cannot be unpacked: ${error.message}`, {
      place: archive,
      hint: WAY_OUT,
    });
  } finally {
    zip?.close();
  }
}

/** yauzl's and zlib's own errors say what is wrong with the archive; those of the file system have an errno. */
function isArchiveError(error: unknown): error is Error {
  return error instanceof Error && error.name !== 'AbortError' && !('syscall' in error);
}

async function extract(zip: ZipFile, entry: Entry, path: string, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.part`;
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(unfinished), { signal });
  await rename(unfinished, path);
}

function refuseLink(entry: Entry, archive: string): void {
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) !== SYMBOLIC_LINK) return;
  throw new StageFailure(`the archive cannot be unpacked: it holds a link: ${entry.fileName}`, {
    place: archive,
    hint: WAY_OUT,
  });
}
