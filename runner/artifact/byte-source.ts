import { open } from 'node:fs/promises';
import { StageFailure } from '../kind/index.ts';
import { damagedFile } from './damaged-file.ts';

/** A file to be read by ranges. */
export interface ByteSource {
  /** What errors call the file. */
  readonly name: string;
  readonly size: number;
  /** Reads exactly this range, into memory of its own. */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export async function openByteSource(path: string, name: string): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw new StageFailure(`cannot be opened: ${(error as Error).message}`, { place: name });
  });
  return {
    name,
    size: (await handle.stat()).size,
    async read(position, length) {
      const bytes = new Uint8Array(length);
      let start = 0;
      while (start < length) {
        const { bytesRead } = await handle.read(bytes, start, length - start, position + start);
        if (bytesRead === 0) throw damagedFile(name, 'it ends too early');
        start += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}
