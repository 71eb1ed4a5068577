import { describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
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

  it('is dark throughout for silence', () => {
    const png = PNG.sync.read(
      spectrogramPng({ samples: new Float32Array(16_000), sampleRate: 16_000 }, 'silence', size),
    );
    expect(new Set(png.data).size).toBeLessThanOrEqual(4);
  });
});
