import { describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
import { clipPanels } from '../../../stages/pictures/clip-panels.ts';
import { heightOfFrequency, spectrogramPng } from '../../../stages/pictures/spectrogram.ts';
import { tone } from '../evaluate/sounds.ts';

const size = { columns: 320, bands: 64 };

describe('a spectrogram', () => {
  it.each([
    [500, 16_000],
    [4000, 48_000],
  ])('is brightest where a tone of %d Hz lies', (frequency, sampleRate) => {
    const png = PNG.sync.read(spectrogramPng(tone(frequency, 1, sampleRate), 'tone', size));
    const middle = Math.floor(png.width / 2);
    const brightness = Array.from({ length: png.height }, (_, row) => {
      const offset = (row * png.width + middle) * 4;
      return png.data[offset] + png.data[offset + 1] + png.data[offset + 2];
    });
    const brightest = png.height - 1 - brightness.indexOf(Math.max(...brightness));
    // Slaney's mel scale, from 0 to half the rate over all bands.
    const mel = (hertz: number): number =>
      hertz < 1000 ? (3 * hertz) / 200 : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4);
    const expected = (mel(frequency) / mel(sampleRate / 2)) * (png.height + 1) - 1;
    expect(Math.abs(brightest - expected)).toBeLessThan(1.5);
    // Where the axis says that the frequency is.
    const marked = heightOfFrequency(frequency, sampleRate, size.bands) * png.height - 0.5;
    expect(Math.abs(brightest - marked)).toBeLessThan(1.5);
  });

  it.each([
    ['beyond what a float32 power holds', (value: number) => value * 3e38],
    [
      'with broken numbers',
      (value: number, n: number) => (n % 1000 === 0 ? [NaN, Infinity][(n / 1000) % 2] : value),
    ],
    ['of denormal numbers', (value: number) => value * 1e-40],
  ])('is there for samples %s, with the wave above it', (_, change) => {
    const clip = tone(500, 1, 16_000);
    const broken = { ...clip, samples: clip.samples.map(change) };
    const { width, height } = PNG.sync.read(spectrogramPng(broken, 'broken', size));
    expect([width, height]).toEqual([251, 64]);
    const panels = clipPanels({ name: 'after', clip: broken, start: 0 }, 1, 'broken');
    const drawn = panels.map(({ draw }) => draw({ left: 0, top: 0, width: 100, height: 50 })).join('');
    expect(drawn).not.toMatch(/NaN|Infinity/);
  });

  it('is dark throughout for silence', () => {
    const png = PNG.sync.read(
      spectrogramPng({ samples: new Float32Array(16_000), sampleRate: 16_000 }, 'silence', size),
    );
    expect(new Set(png.data).size).toBeLessThanOrEqual(4);
  });
});
