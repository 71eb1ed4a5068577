import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StageFailure, type Cells, type Columns, type SourceRow } from '../../runner/kind/index.ts';
import type { Clip } from '../audio/clip.ts';
import { encodeFingerprint, fingerprintOf } from '../audio/fingerprint/fingerprint.ts';
import { requireFinite } from '../audio/finite.ts';
import { decodeWav } from '../audio/wav/decode.ts';
import { emotionIndexOf } from './emotions.ts';
import type { Labels } from './names/naming.ts';

/** What a file itself holds. */
export const AUDIO_COLUMNS = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
  channels: { type: 'int32' },
  bitDepth: { type: 'int32' },
  channelPeak: { type: 'float64' },
  duration: { type: 'float64', unit: 's' },
  audioDigest: { type: 'utf8' },
} as const satisfies Columns;

export const CLIP_COLUMNS = {
  ...AUDIO_COLUMNS,
  emotion: { type: 'utf8' },
  emotionIndex: { type: 'int32' },
  intensity: { type: 'utf8' },
  statement: { type: 'utf8' },
  repetition: { type: 'int32' },
  speaker: { type: 'utf8' },
  sex: { type: 'utf8' },
  corpus: { type: 'utf8' },
  fingerprint: { type: 'utf8' },
} as const satisfies Columns;

/** A listed file: its samples and its labels. @throws StageFailure where it cannot be decoded. */
export function readClip({ file, attributes }: SourceRow, corpus: string): Cells {
  const { emotion, intensity, statement, repetition, speaker, sex } = attributes as unknown as Labels;
  const audio = readAudio(file.path);
  return {
    ...audio,
    emotion,
    emotionIndex: emotionIndexOf(emotion),
    intensity,
    statement,
    repetition,
    speaker,
    sex,
    corpus,
    // By which the split knows the recording again at another level, rate or cut.
    fingerprint: encodeFingerprint(fingerprintOf(audio)),
  };
}

/** The cells of `AUDIO_COLUMNS`. @throws StageFailure where the file cannot be decoded. */
export function readAudio(file: string): Cells & Clip {
  const { samples, sampleRate, channels, bitDepth, channelPeak } = decodeWav(readBytes(file), file);
  requireFinite(samples, 'sample', file);
  return {
    samples,
    sampleRate,
    channels,
    bitDepth,
    channelPeak,
    duration: samples.length / sampleRate,
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
