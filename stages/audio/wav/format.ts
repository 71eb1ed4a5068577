import { StageFailure } from '../../../runner/kind/index.ts';
import { HIGHEST_RATE, LOWEST_RATE } from '../limits.ts';

/** How a wav file stores its samples. */
export interface WavFormat {
  readonly encoding: 'integer' | 'float';
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly bitDepth: number;
  /** Bytes of one sample of every channel together. */
  readonly blockAlign: number;
}

const INTEGER = 0x0001;
const FLOAT = 0x0003;
const EXTENSIBLE = 0xfffe;
const BASIC_BYTES = 16;
/** An extensible format keeps its encoding in the first two bytes of the sub-format GUID, at this offset. */
const SUB_FORMAT_OFFSET = 24;

const UNSUPPORTED_NAMES: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM',
  0x0006: 'A-law',
  0x0007: 'mu-law',
  0x0011: 'IMA ADPCM',
  0x0031: 'GSM 6.10',
  0x0050: 'MPEG',
  0x0055: 'MP3',
};

const BIT_DEPTHS: Readonly<Record<WavFormat['encoding'], readonly number[]>> = {
  integer: [8, 16, 24, 32],
  float: [32, 64],
};

/**
 * Reads the content of the `fmt ` chunk: PCM of 8, 16, 24 or 32 bits and float of 32 or 64, plain or
 * WAVE_FORMAT_EXTENSIBLE.
 *
 * @throws StageFailure for any other codec and for a format that contradicts itself.
 */
export function parseFormat(content: Uint8Array, place: string): WavFormat {
  if (content.byteLength < BASIC_BYTES) {
    throw broken(`its format chunk has ${content.byteLength} bytes and needs ${BASIC_BYTES}`, place);
  }
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bitDepth = view.getUint16(14, true);
  const encoding = parseEncoding(view, place);
  if (channels === 0) throw broken('its header says 0 channels', place);
  if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE) {
    throw broken(
      `its header says a sample rate of ${sampleRate} Hz, which is not within ${LOWEST_RATE} and ${HIGHEST_RATE}`,
      place,
    );
  }
  if (!BIT_DEPTHS[encoding].includes(bitDepth)) {
    throw unsupported(`${encoding} samples of ${bitDepth} bits`, place);
  }
  if (blockAlign !== (channels * bitDepth) / 8) {
    throw broken(`its header says ${blockAlign} bytes for ${channels} samples of ${bitDepth} bits`, place);
  }
  return { encoding, channels, sampleRate, bitDepth, blockAlign };
}

function parseEncoding(view: DataView, place: string): WavFormat['encoding'] {
  let tag = view.getUint16(0, true);
  if (tag === EXTENSIBLE) {
    if (view.byteLength < SUB_FORMAT_OFFSET + 2)
      throw broken('its extensible format chunk is too short', place);
    tag = view.getUint16(SUB_FORMAT_OFFSET, true);
  }
  if (tag === INTEGER) return 'integer';
  if (tag === FLOAT) return 'float';
  throw unsupported(`the codec ${UNSUPPORTED_NAMES[tag] ?? `0x${tag.toString(16).padStart(4, '0')}`}`, place);
}

function unsupported(what: string, place: string): StageFailure {
  return new StageFailure(`wav with ${what}, which is not read`, {
    place,
    hint: 'convert it to 16-bit PCM, e.g. `ffmpeg -i in.wav -c:a pcm_s16le out.wav`',
  });
}

function broken(what: string, place: string): StageFailure {
  return new StageFailure(`broken wav file: ${what}`, {
    place,
    hint: 'fetch the file again, or take it out of the folder',
  });
}
