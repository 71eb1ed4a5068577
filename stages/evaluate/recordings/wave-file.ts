import { kernels } from '../../audio/kernels/kernels.ts';
import { createResampler } from '../../audio/resample/resampler.ts';
import type { Sound } from './read.ts';

/** Speech needs no more to be judged by ear, and a page carries it. */
const highestRate = 24_000;

const headerBytes = 44;

/** A sound as a WAV file of 16 bits, its rate divided by a whole number until it is at most 24 kHz. */
export function waveFile(sound: Sound): Buffer {
  const { samples, sampleRate } = reduced(sound);
  const bytes = samples.length * 2;
  const file = Buffer.alloc(headerBytes + bytes);
  file.write('RIFF', 0, 'ascii');
  file.writeUInt32LE(headerBytes - 8 + bytes, 4);
  file.write('WAVEfmt ', 8, 'ascii');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // mono
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'ascii');
  file.writeUInt32LE(bytes, 40);
  samples.forEach((sample, index) => {
    const clipped = Math.max(-1, Math.min(1, sample));
    file.writeInt16LE(Math.round(clipped * 32767), headerBytes + 2 * index);
  });
  return file;
}

function reduced(sound: Sound): Sound {
  let divisor = Math.ceil(sound.sampleRate / highestRate);
  while (sound.sampleRate % divisor !== 0) divisor++;
  if (divisor === 1) return sound;
  const sampleRate = sound.sampleRate / divisor;
  const memory = kernels();
  const resampler = createResampler(sound.sampleRate, sampleRate);
  const samples = memory.within((allocate) => {
    const { pointer, length } = resampler.resample(sound.samples, allocate);
    return memory.floats(pointer, length).slice();
  });
  return { samples, sampleRate };
}
