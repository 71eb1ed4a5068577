import { writeSync } from 'node:fs';

/** Writes all of the bytes at the file's place, however many the system takes at once. */
export function writeAllSync(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
