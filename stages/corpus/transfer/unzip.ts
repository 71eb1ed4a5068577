import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { StageFailure } from '../../../runner/kind/index.ts';
import { requireDiskSpace } from './disk-space.ts';

const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const WAY_OUT = 'delete it and run the command again';

/**
 * Unpacks every file of a zip archive below `folder`, each under its final name only once it is whole. The whole
 * archive is listed before anything is written, and yauzl lists no name that is absolute or goes up: an archive with
 * one entry that would land outside `folder`, that is a link, or whose name another has or cannot lie next to, is
 * refused whole with a StageFailure. So is a file whose bytes are not those of its checksum.
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
  refuseNames(
    files.map(({ fileName }) => fileName),
    archive,
  );
  await requireDiskSpace(
    folder,
    files.reduce((sum, entry) => sum + entry.uncompressedSize, 0),
  );
  await readArchive(archive, async (zip) => {
    for (const [index, entry] of files.entries()) {
      signal.throwIfAborted();
      await extract(zip, entry, { path: join(folder, entry.fileName), archive, signal });
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

async function extract(
  zip: ZipFile,
  entry: Entry,
  {
    path,
    archive,
    signal,
  }: { readonly path: string; readonly archive: string; readonly signal: AbortSignal },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.part`;
  let checksum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      checksum = crc32(chunk, checksum);
      done(null, chunk);
    },
  });
  await pipeline(await zip.openReadStreamPromise(entry), check, createWriteStream(unfinished), { signal });
  if (checksum !== entry.crc32) {
    await rm(unfinished, { force: true });
    refuse(archive, `the bytes of ${entry.fileName} are not those of its checksum`);
  }
  await rename(unfinished, path);
}

/** Every name must be that of a file below the folder, and all must be able to lie there together. */
function refuseNames(names: readonly string[], archive: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    const parts = name.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      refuse(archive, `it holds a file that has no usable name: ${JSON.stringify(name)}`);
    }
    if (seen.has(name)) refuse(archive, `it holds two files named ${name}`);
    seen.add(name);
  }
  for (const name of names) {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      const folder = name.slice(0, at);
      if (seen.has(folder)) refuse(archive, `${folder} is a file in it, and a folder in ${name}`);
    }
  }
}

function refuseLink(entry: Entry, archive: string): void {
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) !== SYMBOLIC_LINK) return;
  refuse(archive, `it holds a link: ${entry.fileName}`);
}

function refuse(archive: string, reason: string): never {
  throw new StageFailure(`the archive cannot be unpacked: ${reason}`, { place: archive, hint: WAY_OUT });
}
