import { closeSync, openSync, readSync } from 'node:fs';

const bytesRead = 1 << 16;

/**
 * The parts of a file that end with a certain byte, each without it and only until the next is asked for; what comes
 * after the last such byte is left out. Whatever the size of the file, no more than a part and some 64 kB is in memory.
 *
 * @throws the system's error where the file cannot be read, before the first part.
 */
export function* delimited(path: string, delimiter: number): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    let bytes = Buffer.allocUnsafeSlow(bytesRead);
    /** How much of `bytes` is filled. */
    let filled = 0;
    for (;;) {
      const read = readSync(file, bytes, filled, bytes.length - filled, null);
      if (read === 0) return;
      filled += read;
      let start = 0;
      for (;;) {
        const end = bytes.subarray(0, filled).indexOf(delimiter, start);
        if (end < 0) break;
        yield bytes.subarray(start, end);
        start = end + 1;
      }
      bytes.copyWithin(0, start, filled);
      filled -= start;
      // A part that is longer than all of it.
      if (filled === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
    }
  } finally {
    closeSync(file);
  }
}
