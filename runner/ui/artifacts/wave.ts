import type { Sound } from '../../kind/index.ts';

const headerBytes = 44;
const sampleBytes = 2;

/** A sound as a WAV file of 16 bits, of which any part can be had by itself. */
export class WaveFile {
  readonly #sound: Sound;
  readonly size: number;

  constructor(sound: Sound) {
    this.#sound = sound;
    this.size = headerBytes + sound.samples.length * sampleBytes;
  }

  /** The bytes from `start` up to, and without, `end`. */
  slice(start: number, end: number): Buffer {
    const parts: Buffer[] = [];
    if (start < headerBytes) parts.push(this.#header().subarray(start, end));
    const from = Math.max(start, headerBytes) - headerBytes;
    const to = end - headerBytes;
    if (to > from) {
      const first = Math.floor(from / sampleBytes);
      const samples = this.#sound.samples.subarray(first, Math.ceil(to / sampleBytes));
      parts.push(encode(samples).subarray(from - first * sampleBytes, to - first * sampleBytes));
    }
    return Buffer.concat(parts);
  }

  #header(): Buffer {
    const { sampleRate } = this.#sound;
    const header = Buffer.alloc(headerBytes);
    header.write('RIFF', 0, 'ascii');
    header.writeUInt32LE(this.size - 8, 4);
    header.write('WAVEfmt ', 8, 'ascii');
    header.writeUInt32LE(16, 16);
    header.writeUInt16LE(1, 20); // PCM
    header.writeUInt16LE(1, 22); // mono
    header.writeUInt32LE(sampleRate, 24);
    header.writeUInt32LE(sampleRate * sampleBytes, 28);
    header.writeUInt16LE(sampleBytes, 32);
    header.writeUInt16LE(8 * sampleBytes, 34);
    header.write('data', 36, 'ascii');
    header.writeUInt32LE(this.size - headerBytes, 40);
    return header;
  }
}

function encode(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * sampleBytes);
  samples.forEach((sample, index) => {
    const clipped = Math.max(-1, Math.min(1, sample));
    bytes.writeInt16LE(Math.round(clipped * 32767) || 0, index * sampleBytes);
  });
  return bytes;
}
