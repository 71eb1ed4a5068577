import { StageFailure } from '../../runner/kind/index.ts';
import type { Clip } from './clip.ts';

export interface SilenceOptions {
  /** Sound is louder than this root mean square, in dB below full scale. */
  readonly levelDb: number;
  /** Of the file: what lies within one step of it is no sound, whatever `levelDb` says. */
  readonly bitDepth?: number;
}

/** What is known of the channels that a clip was mixed down from. */
export interface Channels {
  readonly count: number;
  /** The greatest absolute value in any of them. */
  readonly peak: number;
}

const BLOCK_SECONDS = 0.01;
/** The mains' frequencies, 50 and 60 Hz, make whole periods in a frame: they are bins of its Fourier transform. */
const BLOCKS_PER_FRAME = 10;
const MAINS_BINS = [5, 6];
const MAINS_HARMONICS = 10;
/** In hum the fundamental has at least this share of the power; in a low voice it has hardly any. */
const LEAST_FUNDAMENTAL = 0.25;
/** A vowel lasts longer, a click does not. */
const LEAST_SOUND_BLOCKS = 5;
/** Channels that are this much louder than their mean cancel each other out. */
const CANCELLED_DB = 40;

/**
 * Whether a clip has no sound in it: less than 50 ms (of a clip below 100 ms: less than half) lie above a level. What is
 * measured are blocks of 10 ms beside a line through each, so that neither an offset nor a click is sound; frames of 100 ms that
 * hold hum of the mains and its harmonics, and no more than the level beside, are no sound either.
 */
export function isSilent({ samples, sampleRate }: Clip, { levelDb, bitDepth = 32 }: SilenceOptions): boolean {
  const level = Math.max(10 ** (levelDb / 20), 2 ** (1 - bitDepth));
  const block = Math.max(4, Math.round(BLOCK_SECONDS * sampleRate));
  const frame = BLOCKS_PER_FRAME * block;
  const wanted = Math.min(LEAST_SOUND_BLOCKS, Math.ceil(samples.length / block / 2));
  let found = 0;
  for (let first = 0; first < samples.length; first += frame) {
    const loud = loudBlocks(samples.subarray(first, first + frame), block, level);
    // The last frame is a whole one too, where the clip has one.
    const start = Math.min(first, samples.length - frame);
    if (loud === 0 || (start >= 0 && isHum(samples.subarray(start, start + frame), level))) continue;
    found += loud;
    if (found >= wanted) return false;
  }
  return true;
}

/** @throws StageFailure where a clip is silent. */
export function requireSound(
  clip: Clip,
  options: SilenceOptions,
  channels: Channels | undefined,
  place: string,
): void {
  if (!isSilent(clip, options)) return;
  if (channels !== undefined && channels.count > 1 && cancel(clip, channels)) {
    throw new StageFailure(
      `silent: its ${channels.count} channels cancel each other out when they are mixed to mono`,
      { place, hint: 'keep one of them, e.g. `ffmpeg -i in.wav -af "pan=mono|c0=c0" out.wav`' },
    );
  }
  throw new StageFailure(
    `silent: less than 50 ms of it are above ${options.levelDb} dBFS, leaving offsets and mains hum aside`,
    { place, hint: 'the microphone was off or dead: record it again, or take it out' },
  );
}

function cancel({ samples }: Clip, { peak }: Channels): boolean {
  let mixed = 0;
  for (const sample of samples) mixed = Math.max(mixed, Math.abs(sample));
  return mixed < peak * 10 ** (-CANCELLED_DB / 20);
}

/** Blocks of a frame that are louder than the level beside a line, such as an offset that dies away. */
function loudBlocks(frame: Float32Array, block: number, level: number): number {
  let loud = 0;
  for (let first = 0; first < frame.length; first += block) {
    const count = Math.min(block, frame.length - first);
    // Of differences to the first sample, since the square of an offset would swallow what is beside it.
    const offset = frame[first];
    let sum = 0;
    let squares = 0;
    let moment = 0;
    for (let n = 0; n < count; n++) {
      const value = frame[first + n] - offset;
      sum += value;
      squares += value * value;
      moment += (n - (count - 1) / 2) * value;
    }
    const spread = (count * (count * count - 1)) / 12;
    const line = (sum * sum) / count + (count > 1 ? (moment * moment) / spread : 0);
    // NaN is not silence: what is wrong with it is said elsewhere.
    if (!(squares - line <= level * level * count)) loud++;
  }
  return loud;
}

/** Whether a frame is hum, with no more than the level beside it. */
function isHum(frame: Float32Array, level: number): boolean {
  const offset = frame.reduce((sum, value) => sum + value, 0) / frame.length;
  let squares = 0;
  for (const value of frame) squares += (value - offset) ** 2;
  return MAINS_BINS.some((bin) => {
    const fundamental = squaresOfBin(frame, offset, bin);
    if (fundamental < LEAST_FUNDAMENTAL * squares) return false;
    let rest = squares - fundamental;
    for (let harmonic = 2; harmonic <= MAINS_HARMONICS && 2 * harmonic * bin < frame.length; harmonic++) {
      rest -= squaresOfBin(frame, offset, harmonic * bin);
    }
    return rest <= level * level * frame.length;
  });
}

/** The part that a bin of the Fourier transform has in the sum of squares of a frame. */
function squaresOfBin(frame: Float32Array, offset: number, bin: number): number {
  let real = 0;
  let imaginary = 0;
  for (let n = 0; n < frame.length; n++) {
    const angle = (2 * Math.PI * ((bin * n) % frame.length)) / frame.length;
    real += (frame[n] - offset) * Math.cos(angle);
    imaginary += (frame[n] - offset) * Math.sin(angle);
  }
  return (2 * (real * real + imaginary * imaginary)) / frame.length;
}
