import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Problem } from '../errors.ts';

/** What the command line calls standard input. */
export const STANDARD_INPUT = '-';
/** Whatever is read whole may not be longer. */
const mostBytes = 2 ** 31 - 1;

export interface SpooledInput {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Puts what comes from standard input into a temporary file, since stages read files. Gives the problem where nothing
 * comes, or more than can be one recording. Rejects where the signal aborts.
 */
export async function spoolInput(input: Readable, signal: AbortSignal): Promise<SpooledInput | Problem> {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-input-'));
  const path = join(folder, 'standard-input');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(bytes > mostBytes ? new TooLong() : null, chunk);
    },
  });
  try {
    await pipeline(input, counted, createWriteStream(path), { signal });
  } catch (error) {
    await remove();
    if (error instanceof TooLong) return problem('more than 2 GB come from standard input');
    throw error;
  }
  if (bytes > 0) return { path, remove };
  await remove();
  return problem('nothing came from standard input');
}

class TooLong extends Error {}

function problem(message: string): Problem {
  const hint = 'Pipe one recording into it: pipeline predict - < mine.wav';
  return { message, place: { file: STANDARD_INPUT }, hint };
}
