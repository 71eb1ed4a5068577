import { sep } from 'node:path';

/** Whether a path is what runs write, or lies in it, or is put in its place when it is whole. */
export function isWritten(path: string, written: readonly string[]): boolean {
  return written.some((own) => path === own || path.startsWith(`${own}${sep}`) || path.startsWith(`${own}.`));
}
