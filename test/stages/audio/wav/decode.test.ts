import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeWav } from '../../../../stages/audio/wav/decode.ts';
import { buildWav, buildWav16, type WavParts } from './build-wav.ts';

const PLACE = 'data/clip.wav';

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function int24(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255]));
}

describe('decodeWav', () => {
  it.each<[string, WavParts, readonly number[]]>([
    ['8-bit', { bitDepth: 8, data: Uint8Array.of(0, 64, 128, 255) }, [-1, -0.5, 0, 127 / 128]],
    [
      '16-bit',
      { bitDepth: 16, data: bytesOf(Int16Array.of(-32768, 1, 32767)) },
      [-1, 1 / 32768, 32767 / 32768],
    ],
    ['24-bit', { bitDepth: 24, data: int24([-8388608, -1, 4194304]) }, [-1, -1 / 8388608, 0.5]],
    ['32-bit', { bitDepth: 32, data: bytesOf(Int32Array.of(-2147483648, 1073741824)) }, [-1, 0.5]],
    ['32-bit float', { bitDepth: 32, tag: 3, data: bytesOf(Float32Array.of(-1.5, 0.25)) }, [-1.5, 0.25]],
    ['64-bit float', { bitDepth: 64, tag: 3, data: bytesOf(Float64Array.of(-1, 0.125)) }, [-1, 0.125]],
  ])('reads %s, plain and extensible', (_, parts, expected) => {
    for (const extensible of [false, true]) {
      const recording = decodeWav(buildWav({ ...parts, extensible, sampleRate: 22_050 }), PLACE);
      expect(Array.from(recording.samples)).toEqual(expected);
      expect(recording).toMatchObject({ sampleRate: 22_050, channels: 1, bitDepth: parts.bitDepth });
    }
  });

  it('mixes channels down to their mean', () => {
    const data = bytesOf(Int16Array.of(16384, 0, -32768, -16384, 100, 100));
    const recording = decodeWav(buildWav({ bitDepth: 16, channels: 2, data }), PLACE);
    expect(Array.from(recording.samples)).toEqual([0.25, -0.75, 100 / 32768]);
    expect(recording).toMatchObject({ channels: 2, channelPeak: 1 });
    const cancelled = bytesOf(Int16Array.of(8192, -8192, -100, 100));
    expect(decodeWav(buildWav({ bitDepth: 16, channels: 2, data: cancelled }), PLACE)).toMatchObject({
      samples: new Float32Array(2),
      channelPeak: 0.25,
    });
  });

  it('takes chunks of any name and length, padded where odd, before the samples and after', () => {
    const chunk = fc.tuple(fc.constantFrom('FLLR', 'LIST', 'bext', '_PMX'), fc.uint8Array({ maxLength: 50 }));
    fc.assert(
      fc.property(
        fc.array(chunk, { maxLength: 4 }),
        fc.array(chunk, { maxLength: 4 }),
        fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 40 }),
        (before, after, values) => {
          const data = bytesOf(Int16Array.from(values));
          const { samples } = decodeWav(buildWav({ bitDepth: 16, before, after, data }), PLACE);
          expect(Array.from(samples)).toEqual(values.map((value) => value / 32768));
        },
      ),
    );
  });

  it('does not depend on where the file lies in memory', () => {
    const file = buildWav16([1, -2, 3]);
    for (const offset of [0, 1, 2, 3]) {
      const moved = Buffer.concat([Buffer.alloc(offset), file]).subarray(offset);
      expect(Array.from(decodeWav(moved, PLACE).samples)).toEqual([1, -2, 3].map((value) => value / 32768));
    }
  });

  it('leaves out a last block that is not complete', () => {
    const data = Uint8Array.of(0, 64, 0, 32, 7);
    expect(Array.from(decodeWav(buildWav({ bitDepth: 16, data }), PLACE).samples)).toEqual([0.5, 0.25]);
  });
});

describe('a file that cannot be read', () => {
  const data = new Uint8Array(8);
  const whole = buildWav({ bitDepth: 16, data });
  const compressed = { bitDepth: 8, data };

  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(), 'empty file'],
    ['cut', whole.subarray(0, whole.length - 3), 'cut: header says 8 bytes, 5 are there'],
    [
      'streamed',
      buildWav({ bitDepth: 16, data, claimedSize: 0xffffffff }),
      'cut, or written by a program that streams: header says 4294967295 bytes, 8 are there',
    ],
    [
      'cut before the samples',
      whole.subarray(0, 36),
      'broken or cut wav file: no chunk with its samples (`data`)',
    ],
    ['cut within the format', whole.subarray(0, 30), 'cut: header says 16 bytes, 10 are there'],
    ['without samples', buildWav16([]), 'a wav file with zero samples'],
    ['text', Buffer.from('hello, this is not audio at all'), 'not a wav file'],
    ['FLAC', Buffer.from('fLaC0000000000000000'), 'not a wav file, but a FLAC file'],
    ['MP3', Buffer.from('ID3\u0003000000000000000000'), 'not a wav file, but an MP3 file'],
    ['big-endian', Buffer.from('RIFX\0\0\0\0WAVE'), 'not a wav file, but RIFX (big-endian)'],
    ['mu-law', buildWav({ ...compressed, tag: 7 }), 'wav with the codec mu-law, which is not read'],
    [
      'ADPCM in an extensible header',
      buildWav({ ...compressed, tag: 2, extensible: true }),
      'wav with the codec Microsoft ADPCM, which is not read',
    ],
    [
      'an unknown codec',
      buildWav({ ...compressed, tag: 0x1234 }),
      'wav with the codec 0x1234, which is not read',
    ],
    ['12-bit', buildWav({ bitDepth: 64, data }), 'wav with integer samples of 64 bits, which is not read'],
    [
      'no channels',
      buildWav({ bitDepth: 16, channels: 0, data }),
      'broken wav file: its header says 0 channels',
    ],
    [
      'no rate',
      buildWav({ bitDepth: 16, sampleRate: 0, data }),
      'broken wav file: its header says a sample rate of 0 Hz, which is not within 1000 and 768000',
    ],
    [
      'an absurd rate',
      buildWav({ bitDepth: 16, sampleRate: 0xffffffff, data }),
      'broken wav file: its header says a sample rate of 4294967295 Hz, which is not within 1000 and 768000',
    ],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:ce0a\nsize 72862\n'),
      'a Git LFS pointer, not the recording itself',
    ],
    [
      'a git-annex pointer',
      Buffer.from('/annex/objects/SHA256E-s72862--ce0a.wav\n'),
      'a git-annex pointer, not the recording itself',
    ],
    ['a page', Buffer.from('<!DOCTYPE html>\n<title>Sign in'), 'a web page, not the recording itself'],
  ])('%s: says so, with the place and a way out', (_, bytes, message) => {
    expect(() => decodeWav(bytes, PLACE)).toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message,
        place: PLACE,
        hint: expect.stringMatching(/\w/) as unknown,
      }),
    );
  });

  it('never throws anything but a StageFailure, whatever the bytes', () => {
    const corrupted = fc
      .tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length))
      .map(([index, value, length]) => {
        const bytes = Buffer.from(whole);
        bytes[index] = value;
        return bytes.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(corrupted, fc.uint8Array({ maxLength: 80 })), (bytes) => {
        try {
          expect(decodeWav(bytes, PLACE).samples.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ name: 'StageFailure', place: PLACE });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
