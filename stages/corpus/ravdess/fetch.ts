import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StageFailure } from '../../../runner/kind/index.ts';
import { md5OfFile } from '../transfer/checksum.ts';
import { requireDiskSpace } from '../transfer/disk-space.ts';
import { download, type DownloadOptions } from '../transfer/download.ts';
import { unzip } from '../transfer/unzip.ts';
import { RAVDESS_ARCHIVE, RAVDESS_SPEECH } from './archive.ts';

/** What is going on, for a progress line. */
export type FetchStep =
  | { readonly step: 'downloading'; readonly received: number; readonly total: number | undefined }
  | { readonly step: 'waiting'; readonly reason: string; readonly seconds: number }
  | { readonly step: 'checking' }
  | { readonly step: 'unpacking'; readonly done: number; readonly total: number };

export interface FetchOptions extends Pick<
  DownloadOptions,
  'url' | 'md5' | 'signal' | 'attempts' | 'pauseMilliseconds' | 'stallMilliseconds'
> {
  readonly folder: string;
  /** Keep the archive beside the files. */
  readonly keepArchive: boolean;
  readonly report: (step: FetchStep) => void;
}

export interface Fetched {
  /** Speech recordings now below the folder. */
  readonly files: number;
  /** False where they were all there already. */
  readonly downloaded: boolean;
}

/**
 * Brings the speech recordings of RAVDESS into a folder. A call that was killed is gone on with by the next one,
 * at whatever point it was; a folder that holds them all is left as it is. Throws StageFailure.
 */
export async function fetchRavdess(options: FetchOptions): Promise<Fetched> {
  const { folder, signal, report } = options;
  await makeFolder(folder);
  const present = await countSpeech(folder);
  if (present >= RAVDESS_ARCHIVE.files) return { files: present, downloaded: false };

  const archive = join(folder, RAVDESS_ARCHIVE.name);
  if (!(await isVerified(archive, options))) {
    if (options.url === RAVDESS_ARCHIVE.url)
      await requireDiskSpace(folder, RAVDESS_ARCHIVE.bytes + RAVDESS_ARCHIVE.unpackedBytes);
    await download({
      ...options,
      target: archive,
      progress: (received, total) => {
        report({ step: 'downloading', received, total });
      },
      waiting: (reason, milliseconds) => {
        report({ step: 'waiting', reason, seconds: milliseconds / 1000 });
      },
    });
  }
  await unzip(archive, folder, signal, (done, total) => {
    report({ step: 'unpacking', done, total });
  });
  if (!options.keepArchive) await rm(archive);
  return { files: await countSpeech(folder), downloaded: true };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new StageFailure(`the folder cannot be made: ${String(error)}`, {
      place: folder,
      hint: 'name another folder',
    });
  }
}

/** Whether an earlier call already brought the whole archive; a wrong one is deleted. */
async function isVerified(archive: string, options: FetchOptions): Promise<boolean> {
  try {
    await access(archive);
  } catch {
    return false;
  }
  options.report({ step: 'checking' });
  if ((await md5OfFile(archive, options.signal)) === options.md5) return true;
  await rm(archive);
  return false;
}

async function countSpeech(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => RAVDESS_SPEECH.test(basename(name))).length;
}
