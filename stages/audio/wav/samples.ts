import { kernels } from '../kernels/kernels.ts';
import { requireRoom } from '../limits.ts';
import type { WavFormat } from './format.ts';

/** Reads the samples of one channel out of interleaved blocks, at full scale ±1. */
type ReadSample = (view: DataView, offset: number) => number;

export interface MixedDown {
  readonly samples: Float32Array;
  /** The greatest absolute value in any channel. */
  readonly channelPeak: number;
}

/**
 * The `data` chunk as mono samples at full scale ±1: the mean of all channels, each integer divided by 2^(bits-1)
 * as libsndfile does. A last block that is not complete holds no sample and is left out.
 *
 * @throws StageFailure where there are more samples than are worked on.
 */
export function monoSamples(data: Uint8Array, format: WavFormat, place: string): MixedDown {
  const count = Math.floor(data.byteLength / format.blockAlign);
  requireRoom(count, format.sampleRate, place);
  if (format.encoding === 'integer' && format.bitDepth === 16 && format.channels === 1) {
    return mono16(data, count);
  }
  return mixedDown(data, format, count);
}

/** The common case, which is most of the reading time of a corpus. */
function mono16(data: Uint8Array, count: number): MixedDown {
  const memory = kernels();
  return memory.within((allocate) => {
    const integers = allocate(2 * count);
    const samples = allocate(4 * count);
    memory.bytes(integers, 2 * count).set(data.subarray(0, 2 * count));
    memory.call.int16_to_float(integers, samples, count);
    return { samples: memory.floats(samples, count).slice(), channelPeak: memory.call.peak(samples, count) };
  });
}

function mixedDown(data: Uint8Array, format: WavFormat, count: number): MixedDown {
  const { channels, blockAlign, bitDepth } = format;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = sampleReader(format);
  const samples = new Float32Array(count);
  let channelPeak = 0;
  for (let block = 0; block < count; block++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      const sample = read(view, block * blockAlign + (channel * bitDepth) / 8);
      channelPeak = Math.max(channelPeak, Math.abs(sample));
      sum += sample;
    }
    samples[block] = sum / channels;
  }
  return { samples, channelPeak };
}

function sampleReader({ encoding, bitDepth }: WavFormat): ReadSample {
  if (encoding === 'float') {
    return bitDepth === 32
      ? (view, offset) => view.getFloat32(offset, true)
      : (view, offset) => view.getFloat64(offset, true);
  }
  switch (bitDepth) {
    case 8: // unsigned, the only depth that is
      return (view, offset) => (view.getUint8(offset) - 128) / 128;
    case 16:
      return (view, offset) => view.getInt16(offset, true) / 32768;
    case 24:
      return (view, offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8388608;
    default:
      return (view, offset) => view.getInt32(offset, true) / 2147483648;
  }
}
