import { StageFailure } from '../../../runner/kind/index.ts';
import { chunkBytes, readChunks } from './chunks.ts';
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
  const formatChunk = chunks.find((chunk) => chunk.id === 'fmt ');
  const dataChunk = chunks.find((chunk) => chunk.id === 'data');
  if (formatChunk === undefined || dataChunk === undefined) {
    const missing = formatChunk === undefined ? 'format (`fmt `)' : 'samples (`data`)';
    throw new StageFailure(`broken or cut wav file: no chunk with its ${missing}`, {
      place,
      hint: 'fetch the file again, or take it out of the folder',
    });
  }
  const format = parseFormat(chunkBytes(bytes, formatChunk, place), place);
  const samples = monoSamples(chunkBytes(bytes, dataChunk, place), format);
  if (samples.length === 0) {
    throw new StageFailure('a wav file with zero samples', {
      place,
      hint: 'record it again, or take it out of the folder',
    });
  }
  return { samples, sampleRate: format.sampleRate, channels: format.channels, bitDepth: format.bitDepth };
}
