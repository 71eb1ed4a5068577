import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StageFailure, type Cells, type Columns, type SourceRow } from '../../runner/kind/index.ts';
import { requireFinite } from '../audio/finite.ts';
import { decodeWav } from '../audio/wav/decode.ts';
import { parseRavdessName } from './ravdess.ts';

export const CLIP_COLUMNS = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
  channels: { type: 'int32' },
  bitDepth: { type: 'int32' },
  duration: { type: 'float64', unit: 's' },
  emotion: { type: 'utf8' },
  emotionIndex: { type: 'int32' },
  intensity: { type: 'utf8' },
  statement: { type: 'utf8' },
  repetition: { type: 'int32' },
  speaker: { type: 'utf8' },
  sex: { type: 'utf8' },
  audioDigest: { type: 'utf8' },
} as const satisfies Columns;

/** Reads a listed file: its samples and what its name says. @throws StageFailure where it cannot be decoded. */
export function readClip({ id, file }: SourceRow): Cells {
  const parsed = parseRavdessName(path.posix.basename(id));
  if ('reason' in parsed) throw new Error(`a file was listed that is no recording: ${id}: ${parsed.reason}`);
  const recording = decodeWav(readBytes(file.path), file.path);
  const { samples, sampleRate, channels, bitDepth } = recording;
  requireFinite(samples, 'sample', file.path);
  return {
    samples,
    sampleRate,
    channels,
    bitDepth,
    duration: samples.length / sampleRate,
    ...parsed.labels,
    audioDigest: digestOf(samples),
  };
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StageFailure(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      place: file,
      hint: 'see that the file is there and may be read',
    });
  }
}

function digestOf(samples: Float32Array): string {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}
