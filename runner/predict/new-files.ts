import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../errors.ts';
import { failureOf } from '../execute/failure.ts';
import { hashFile } from '../fingerprint/hash.ts';
import type { SourceRow } from '../kind/index.ts';
import type { ReadRow, OpenChain } from './open-chain.ts';

export type FileOutcome =
  { readonly ok: true; readonly read: ReadRow } | { readonly ok: false; readonly problem: Problem };

/**
 * Takes one file, as the user named it, through the chain up to the models. Never rejects for the file's sake.
 *
 * @param path where it lies, if elsewhere than its name says.
 */
export async function readNewFile(
  opened: OpenChain,
  name: string,
  path = resolve(name),
): Promise<FileOutcome> {
  const unusable = whyUnusable(path);
  if (unusable !== undefined) return { ok: false, problem: { ...unusable, place: { file: name } } };
  try {
    const { size } = statSync(path);
    const row: SourceRow = { id: name, file: { name, path, size, digest: await hashFile(path) } };
    return { ok: true, read: await opened.read(row) };
  } catch (error) {
    const { message, place, hint, stack } = failureOf(error, name);
    // Where a stage names another place, such as a model's file, both are worth knowing.
    const elsewhere = place !== undefined && place !== name && place !== path ? ` (${place})` : '';
    const problem: Problem = {
      message: `${message}${elsewhere}`,
      place: { file: name },
      ...(hint !== undefined && { hint }),
      ...(stack !== undefined && { stack }),
    };
    return { ok: false, problem };
  }
}

function whyUnusable(path: string): Pick<Problem, 'message' | 'hint'> | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { message: 'there is no such file' };
  if (stats.isDirectory())
    return { message: 'this is a folder', hint: 'Name the files in it, e.g. FOLDER/*.wav' };
  // A pipe may be read once only, and opening one may take for ever.
  if (!stats.isFile())
    return { message: 'this is no file', hint: 'Pipe a recording in: COMMAND | pipeline predict -' };
  return undefined;
}
