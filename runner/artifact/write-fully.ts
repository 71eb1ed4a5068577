import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

const smallPiece = 2 ** 16;

/** Writes all bytes at the end of a file; small neighbours together, since each call costs more than a copy. */
export async function writeFully(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of joinSmall(pieces)) {
    for (let start = 0; start < piece.byteLength;) {
      const left = piece.byteLength - start;
      // Handing a few kilobytes to another thread takes longer than writing them.
      const written =
        left <= smallPiece
          ? writeSync(handle.fd, piece, start, left)
          : (await handle.write(piece, start, left)).bytesWritten;
      start += written;
    }
  }
}

function* joinSmall(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece.byteLength < smallPiece) {
      small.push(piece);
      continue;
    }
    if (small.length > 0) yield Buffer.concat(small);
    small = [];
    yield piece;
  }
  if (small.length > 0) yield Buffer.concat(small);
}
