import { createHash, hash as hashOnce } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { jsonText } from '../config/json-value.ts';
import { onDisk, shownName } from './file-names.ts';
import { notRead, whatItIs } from './stat.ts';

/** SHA-256 as 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  // Of short data, such as a row's id, most of the time would go into making an object for it.
  return hashOnce('sha256', data, 'hex');
}

const small = 1 << 20;

/**
 * SHA-256 of a file's content, in constant memory. Rejects with a StageFailure where it is something else than a file:
 * a pipe or a device would never end.
 */
export async function hashFile(path: string | Buffer): Promise<string> {
  // Opening a pipe to read waits for one that writes, unless it need not.
  const handle = await open(
    typeof path === 'string' ? onDisk(path) : path,
    constants.O_RDONLY | constants.O_NONBLOCK,
  );
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notRead(whatItIs(stats), shownName(path.toString()));
    const { size } = stats;
    return size <= small ? sha256(await handle.readFile()) : await hashInParts(handle);
  } finally {
    await handle.close();
  }
}

/** Reads into the same memory again and again: a stream would leave the garbage of a large file behind. */
async function hashInParts(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const part = Buffer.allocUnsafeSlow(small);
  for (;;) {
    const { bytesRead } = await handle.read(part, 0, small);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(part.subarray(0, bytesRead));
  }
}

/**
 * JSON with the keys of every object sorted: equal values, equal text, and different ones different.
 *
 * @throws TypeError on what JSON cannot say.
 */
export function canonicalJson(value: unknown): string {
  return jsonText(value, { sorted: true });
}
