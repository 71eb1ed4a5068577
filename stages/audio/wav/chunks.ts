import { StageFailure } from '../../../runner/kind/index.ts';

/** A chunk of a RIFF file: `size` as its header says, which a cut file does not hold. */
export interface Chunk {
  readonly id: string;
  /** Offset of its content in the file, in bytes. */
  readonly offset: number;
  readonly size: number;
}

const HEADER_BYTES = 8;
const FIRST_CHUNK = 12;
/** What a program writes that streams and does not know the length beforehand. */
const UNKNOWN_SIZE = 0xffffffff;

/**
 * The chunks of a RIFF/WAVE file in their order, whatever their ids. A chunk of odd size is followed by one
 * byte of padding. Stops after `data`, since what follows it is metadata and the samples are found.
 *
 * @throws StageFailure where the bytes are no RIFF/WAVE file.
 */
export function readChunks(bytes: Uint8Array, place: string): readonly Chunk[] {
  requireWave(bytes, place);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let offset = FIRST_CHUNK;
  while (offset + HEADER_BYTES <= bytes.byteLength) {
    const id = asciiAt(bytes, offset, 4);
    const size = view.getUint32(offset + 4, true);
    chunks.push({ id, offset: offset + HEADER_BYTES, size });
    if (id === 'data') break;
    offset += HEADER_BYTES + size + (size % 2);
  }
  return chunks;
}

/** The content of a chunk. @throws StageFailure where the file ends before it does. */
export function chunkBytes(bytes: Uint8Array, chunk: Chunk, place: string): Uint8Array {
  const present = bytes.byteLength - chunk.offset;
  if (chunk.size === UNKNOWN_SIZE) {
    throw new StageFailure(
      `cut, or written by a program that streams: header says ${chunk.size} bytes, ${present} are there`,
      { place, hint: 'write it again with its true length, e.g. `ffmpeg -i in.wav out.wav`' },
    );
  }
  if (chunk.size > present) {
    throw new StageFailure(`cut: header says ${chunk.size} bytes, ${present} are there`, {
      place,
      hint: 'fetch the file again, or take it out of the folder',
    });
  }
  return bytes.subarray(chunk.offset, chunk.offset + chunk.size);
}

function requireWave(bytes: Uint8Array, place: string): void {
  if (bytes.byteLength === 0) {
    throw new StageFailure('empty file', {
      place,
      hint: 'fetch the file again, or take it out of the folder',
    });
  }
  const container = asciiAt(bytes, 0, 4);
  if (container === 'RIFF' && asciiAt(bytes, 8, 4) === 'WAVE') return;
  const stand = STAND_INS.find(({ begins }) => asciiAt(bytes, 0, begins.length).toLowerCase() === begins);
  if (stand !== undefined) {
    throw new StageFailure(`${stand.name}, not the recording itself`, { place, hint: stand.hint });
  }
  const found = KNOWN_CONTAINERS.get(container) ?? (container.startsWith('ID3') ? 'an MP3 file' : undefined);
  throw new StageFailure(`not a wav file${found === undefined ? '' : `, but ${found}`}`, {
    place,
    hint: 'convert it with `ffmpeg -i FILE out.wav`, or take it out of the folder',
  });
}

/** What lies in the place of a file that was never fetched. */
const STAND_INS = [
  {
    begins: 'version https://git-lfs.github.com/spec/',
    name: 'a Git LFS pointer',
    hint: 'install Git LFS, and fetch the recordings with `git lfs pull` in their repository',
  },
  {
    begins: '/annex/objects/',
    name: 'a git-annex pointer',
    hint: 'fetch the recordings with `git annex get .` in their repository',
  },
  {
    begins: '<!doctype html',
    name: 'a web page',
    hint: 'fetch the file again: its address answered with a page, such as one to sign in',
  },
];

const KNOWN_CONTAINERS = new Map([
  ['RF64', 'RF64 (a wav of over 4 GB)'],
  ['RIFX', 'RIFX (big-endian)'],
  ['fLaC', 'a FLAC file'],
  ['OggS', 'an Ogg file'],
  ['FORM', 'an AIFF file'],
  ['.snd', 'an AU file'],
]);

function asciiAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
