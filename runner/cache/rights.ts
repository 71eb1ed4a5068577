/**
 * Rights as a manifest states them, so that they mean the same whatever the umask of the machine: nothing for those that
 * a new file or folder gets by itself, 0755 for a file that may be run, and any other as they are.
 */
const umask = process.umask(0o022);
process.umask(umask);

const usual = 0o666 & ~umask;
const usualOfFolders = 0o777 & ~umask;
const executable = 0o755;

export function statedFileMode(mode: number): number | undefined {
  const bits = mode & 0o777;
  if (bits === usual) return undefined;
  return bits === usualOfFolders ? executable : bits;
}

export function statedFolderMode(mode: number): number | undefined {
  const bits = mode & 0o777;
  return bits === usualOfFolders ? undefined : bits;
}

/** What a file gets on this machine. */
export function fileRights(stated: number | undefined): number {
  if (stated === undefined) return usual;
  return stated === executable ? usualOfFolders : stated;
}

export function folderRights(stated: number | undefined): number {
  return stated ?? usualOfFolders;
}
