import { statfs } from 'node:fs/promises';
import { StageFailure } from '../../../runner/kind/index.ts';

/** Throws StageFailure where the disk of `folder` has less than `bytes` free. */
export async function requireDiskSpace(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  if (free >= bytes) return;
  throw new StageFailure(`${megabytes(bytes)} are needed and ${megabytes(free)} are free`, {
    place: folder,
    hint: 'free some space, or name a folder on another disk',
  });
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
