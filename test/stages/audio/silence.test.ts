import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSilent } from '../../../stages/audio/silence.ts';
import { signal, sine } from './signals.ts';

const RATE = 16_000;
const COUNT = 2 * RATE;
const LEVEL = { levelDb: -70 };

function of(sample: (n: number) => number, count = COUNT): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => sample(n));
}

const step = 1 / 32_768;
const dither = signal('noise', RATE, COUNT, 3).map((value) => Math.round(4 * value));
const voice = signal('voice', RATE, COUNT, 4);

describe('what is silent', () => {
  it.each<[string, Float32Array]>([
    ['zeros', of(() => 0)],
    ['an offset', of(() => 0.5)],
    ['an offset that dies away', of((n) => 0.5 * Math.exp(-n / RATE))],
    ['one step of dither', dither.map((value) => value * step)],
    ['dither on an offset', dither.map((value) => 0.25 + value * step)],
    ['a click', of((n) => (n > 9000 && n < 9020 ? 0.9 : 0))],
    ['a click on an offset', of((n) => (n > 9000 && n < 9020 ? 0.9 : 0.1))],
    ['hum of 50 Hz', sine(50, RATE, COUNT).map((value) => value / 5)],
    ['hum of 60 Hz with harmonics', of((n) => hum(n, 60) + hum(n, 180) / 3 + hum(n, 300) / 5)],
    ['hum that ends within a frame', sine(50, RATE, COUNT - 777)],
    ['a voice at -90 dBFS', voice.map((value) => value * 10 ** (-90 / 20))],
    ['denormal numbers', voice.map((value) => value * 1e-39)],
    ['a single sample', of(() => 0.5, 1)],
  ])('%s', (_, samples) => {
    expect(isSilent({ samples, sampleRate: RATE }, LEVEL)).toBe(true);
  });

  it.each<[string, Float32Array]>([
    ['a voice', voice],
    ['a quiet voice', voice.map((value) => value / 300)],
    ['a voice under hum', voice.map((value, n) => value / 20 + hum(n, 50))],
    ['a tone', sine(440, RATE, COUNT)],
    ['a tone that is a harmonic of the mains', sine(300, RATE, COUNT)],
    ['a word of 60 ms in silence', of((n) => (n > 9000 && n < 9960 ? Math.sin(n / 9) / 10 : 0))],
    ['a clip of 20 ms', signal('noise', RATE, 320, 5)],
    ['not a number', of(() => Number.NaN)],
  ])('not %s', (_, samples) => {
    expect(isSilent({ samples, sampleRate: RATE }, LEVEL)).toBe(false);
  });

  it('is what lies within one step of the file, however loud a step is', () => {
    const samples = dither.map((value) => value / 128);
    expect(isSilent({ samples, sampleRate: RATE }, { ...LEVEL, bitDepth: 8 })).toBe(true);
    expect(isSilent({ samples, sampleRate: RATE }, { ...LEVEL, bitDepth: 16 })).toBe(false);
  });

  it('does not depend on the sign, on an offset, or on silence around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8000, 22_050, 48_000),
        fc.double({ min: -110, max: 0, noNaN: true }),
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.integer({ min: 0, max: 9000 }),
        (sampleRate, decibels, offset, lead) => {
          const clip = signal('voice', sampleRate, 12_000, 8).map((value) => value * 10 ** (decibels / 20));
          const silent = isSilent({ samples: clip, sampleRate }, LEVEL);
          const around = new Float32Array(clip.length + lead);
          around.set(
            clip.map((value) => -value),
            lead,
          );
          if (decibels > -30) expect(silent).toBe(false);
          if (decibels < -75) expect(silent).toBe(true);
          // Near the level the grid of blocks decides.
          if (decibels > -30 || decibels < -75) {
            expect(isSilent({ samples: around, sampleRate }, LEVEL)).toBe(silent);
            const lifted = clip.map((value) => value + offset);
            expect(isSilent({ samples: lifted, sampleRate }, LEVEL)).toBe(silent);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

function hum(n: number, hertz: number): number {
  return 0.2 * Math.sin((2 * Math.PI * hertz * n) / RATE);
}
