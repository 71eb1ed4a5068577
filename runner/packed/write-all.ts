import { writeSync } from 'node:fs';

/** Writes all of the bytes at a place of the file, however many the system takes at once. */
export function writeAllSync(file: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}
