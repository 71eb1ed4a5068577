import type { Problem } from './errors.ts';

const explained: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  ENOSPC: { message: 'the disk is full', hint: 'Make room, e.g. with: pipeline gc' },
  EDQUOT: { message: 'your disk quota is used up', hint: 'Make room, e.g. with: pipeline gc' },
  EROFS: { message: 'the file system is read-only', hint: 'Work in a folder that can be written.' },
  EACCES: { message: 'permission denied', hint: 'Give yourself the right to read and write there.' },
  EPERM: { message: 'permission denied', hint: 'Give yourself the right to read and write there.' },
  EMFILE: { message: 'too many files are open', hint: 'Raise the limit, e.g. with: ulimit -n 65536' },
};

/** What the operating system refused, in words; undefined for any other error. */
export function systemProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : explained[code];
  return known && { ...known, ...(path !== undefined && { place: { file: path } }) };
}
