import { StageFailure } from '../../../runner/kind/index.ts';
import { chunkBytes, readChunks, type Chunk } from './chunks.ts';
import { parseFormat } from './format.ts';
import { monoSamples } from './samples.ts';

/** A decoded recording. */
export interface Recording {
  /** Mono, full scale ±1. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
  /** As in the file, before mixing down. */
  readonly channels: number;
  readonly bitDepth: number;
  /** The greatest absolute value in any channel. */
  readonly channelPeak: number;
}

/**
 * Decodes a wav file of any chunk layout to mono.
 *
 * @param bytes the whole file.
 * @param place what an error names, normally the path.
 * @throws StageFailure where the file is empty, cut, without samples, of an unsupported codec or no wav at all.
 */
export function decodeWav(bytes: Uint8Array, place: string): Recording {
  const chunks = readChunks(bytes, place);
  const find = (id: string, holds: string): Chunk => {
    const chunk = chunks.find((candidate) => candidate.id === id);
    if (chunk !== undefined) return chunk;
    throw new StageFailure(`broken or cut wav file: no chunk with its ${holds} (\`${id}\`)`, {
      place,
      hint: 'fetch the file again, or take it out of the folder',
    });
  };
  const format = parseFormat(chunkBytes(bytes, find('fmt ', 'format'), place), place);
  const { samples, channelPeak } = monoSamples(
    chunkBytes(bytes, find('data', 'samples'), place),
    format,
    place,
  );
  if (samples.length === 0) {
    throw new StageFailure('a wav file with zero samples', {
      place,
      hint: 'record it again, or take it out of the folder',
    });
  }
  const { sampleRate, channels, bitDepth } = format;
  return { samples, sampleRate, channels, bitDepth, channelPeak };
}
