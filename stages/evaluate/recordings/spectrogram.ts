import { PNG } from 'pngjs';
import { MelSpectrogram } from '../../audio/mel-spectrogram.ts';
import { spectrogramColor } from '../theme.ts';
import type { Sound } from './read.ts';

const nFft = 2048;
const bands = 64;

/** Powers this far below the clip's greatest are drawn as silence. */
const dynamicRange = 70;

const palette = Array.from({ length: 256 }, (_, level) => [...spectrogramColor(level / 255), 255]);

/** A log-mel spectrogram in colours, low frequencies at the bottom, one pixel a band and a frame, as PNG. */
export function spectrogramPng({ samples, sampleRate }: Sound, place: string): Buffer {
  const hopLength = Math.max(64, Math.round(samples.length / 320));
  const mel = new MelSpectrogram({
    sampleRate,
    nFft,
    hopLength,
    banks: [{ bands, reference: 'max' }],
  });
  return mel.analyse(samples, place, ([{ frames, decibels }]) => {
    const picture = new PNG({ width: frames, height: bands, colorType: 2 });
    for (let frame = 0; frame < frames; frame++) {
      for (let band = 0; band < bands; band++) {
        const level = Math.max(0, 1 + decibels[frame * bands + band] / dynamicRange);
        const offset = ((bands - 1 - band) * frames + frame) * 4;
        picture.data.set(palette[Math.round(level * 255)], offset);
      }
    }
    return PNG.sync.write(picture, { colorType: 2 });
  });
}
