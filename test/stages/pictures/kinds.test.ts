import { describe, expect, it } from '@jest/globals';
import type { Columns, Picture, Row, RowFunction } from '../../../runner/kind/index.ts';
import drawAugmented from '../../../stages/augment/picture.ts';
import { setup as setupAcoustic } from '../../../stages/features/acoustic/implementation.ts';
import { acousticParams } from '../../../stages/features/acoustic/params.ts';
import drawAcoustic from '../../../stages/features/acoustic/picture.ts';
import drawEncoder from '../../../stages/features/encoder/picture.ts';
import { mfccFrames } from '../../../stages/features/mfcc/frames.ts';
import { setup as setupMfcc } from '../../../stages/features/mfcc/implementation.ts';
import { mfccParams } from '../../../stages/features/mfcc/params.ts';
import drawMfcc from '../../../stages/features/mfcc/picture.ts';
import drawIngest from '../../../stages/ingest/picture.ts';
import { setup as setupPreprocess } from '../../../stages/preprocess/implementation.ts';
import { preprocessParams } from '../../../stages/preprocess/params.ts';
import drawPreprocess from '../../../stages/preprocess/picture.ts';
import { tone } from '../evaluate/sounds.ts';

const clipColumns: Columns = { samples: { type: 'sequence', shape: [] }, sampleRate: { type: 'int32' } };

/** Half a second of silence, half a second of a tone, a second of silence. */
function clip(): Row {
  const { samples } = tone(440, 0.5, 16_000);
  const padded = new Float32Array(32_000);
  padded.set(samples, 8000);
  return { id: 'a.wav', cells: { samples: padded, sampleRate: 16_000 } };
}

async function made(stage: RowFunction<Row>, input: Row): Promise<{ row: Row; columns: Columns }> {
  return { row: { id: input.id, cells: await stage.run(input) }, columns: stage.columns };
}

function colourAt({ width, rgba }: Picture, x: number, y: number): number[] {
  return [...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
}

/** Greyness in the line of pixels above the middle of the first waveform, by the share of its width. */
function isShadedAt(picture: Picture, share: number): boolean {
  const x = Math.round(2 * (62 + share * (1000 - 62 - 86)));
  const [red, , blue] = colourAt(picture, x, 2 * (34 + 22 + 8));
  return red < 250 && Math.abs(red - blue) < 20;
}

describe('the picture of a preprocessed clip', () => {
  it('shades what was cut off, and only that', async () => {
    const input = clip();
    const params = preprocessParams.parse({ sampleRate: 16_000 });
    const output = await made(setupPreprocess({ params, columns: clipColumns, threads: 1 }), input);
    const both = await drawPreprocess({ ...output, params, input: { row: input, columns: clipColumns } });
    expect(both.rgba.length).toBe(4 * both.width * both.height);
    expect([0.1, 0.2, 0.7, 0.9].map((share) => isShadedAt(both, share))).toEqual([true, true, true, true]);
    expect([0.3, 0.4, 0.45].map((share) => isShadedAt(both, share))).toEqual([false, false, false]);
    const after = await drawPreprocess({ ...output, params });
    expect(after.height).toBeLessThan(0.6 * both.height);
    expect(isShadedAt(after, 0.1)).toBe(false);
  });
});

describe('the picture of a clip played faster', () => {
  it('shades what was cut off where it lies in the recording', async () => {
    const input = clip();
    const params = preprocessParams.parse({ sampleRate: 16_000, speed: 1.25 });
    const output = await made(setupPreprocess({ params, columns: clipColumns, threads: 1 }), input);
    const both = await drawPreprocess({ ...output, params, input: { row: input, columns: clipColumns } });
    expect([0.1, 0.2, 0.7, 0.9].map((share) => isShadedAt(both, share))).toEqual([true, true, true, true]);
    expect([0.3, 0.4, 0.45].map((share) => isShadedAt(both, share))).toEqual([false, false, false]);
  });
});

describe('the picture of a recording', () => {
  it('is its waveform and its spectrogram', async () => {
    const picture = await drawIngest({ row: clip(), columns: clipColumns, params: {} });
    expect(picture.width).toBe(2000);
    expect(isShadedAt(picture, 0.1)).toBe(false);
  });

  it('does with silence and with few samples', async () => {
    for (const length of [1, 40_000]) {
      const row = { id: 'a.wav', cells: { samples: new Float32Array(length), sampleRate: 8000 } };
      expect((await drawIngest({ row, columns: clipColumns, params: {} })).width).toBe(2000);
    }
  });

  it('is of both clips where it was changed', async () => {
    const row = { ...clip(), cells: { ...clip().cells, changes: 'gain 3.0 dB' } };
    const alone = await drawAugmented({ row, columns: clipColumns, params: {} });
    const both = await drawAugmented({
      row,
      columns: clipColumns,
      params: {},
      input: { row: clip(), columns: clipColumns },
    });
    expect(both.height).toBeGreaterThan(1.5 * alone.height);
  });
});

describe('the picture of an MFCC vector', () => {
  const params = mfccParams.parse({});
  const input = { row: clip(), columns: clipColumns };

  it('adds the frames only where they are those of the row', async () => {
    const output = await made(setupMfcc({ params, columns: clipColumns, threads: 1 }), clip());
    const vector = await drawMfcc({ ...output, params });
    const frames = await drawMfcc({ ...output, params, input });
    expect(frames.height).toBeGreaterThan(3 * vector.height);
    const other = { ...clip(), cells: { ...clip().cells, samples: tone(300, 1, 16_000).samples } };
    const ofOther = await drawMfcc({ ...output, params, input: { row: other, columns: clipColumns } });
    expect(ofOther.height).toBe(vector.height);
    const otherParams = await drawMfcc({ ...output, params: { coefficients: 13 }, input });
    expect(otherParams.height).toBe(vector.height);
  });

  it('has frames whose means are the vector', async () => {
    const { row } = await made(setupMfcc({ params, columns: clipColumns, threads: 1 }), clip());
    const features = row.cells.features as Float32Array;
    let place = 0;
    const samples = clip().cells.samples as Float32Array;
    for (const { width, frames, values } of mfccFrames({ samples, sampleRate: 16_000 }, 'a.wav', params)) {
      for (let index = 0; index < width; index++) {
        let sum = 0;
        for (let frame = 0; frame < frames; frame++) sum += values[frame * width + index];
        expect(Math.abs(sum / frames - features[place++])).toBeLessThan(1e-3);
      }
    }
    expect(place).toBe(features.length);
  });
});

describe('the picture of other features', () => {
  it('has a part for each descriptor', async () => {
    const heightOf = async (settings: object): Promise<number> => {
      const params = acousticParams.parse(settings);
      const output = await made(setupAcoustic({ params, columns: clipColumns, threads: 1 }), clip());
      const input = { row: clip(), columns: clipColumns };
      return (await drawAcoustic({ ...output, params, input })).height;
    };
    const one = await heightOf({ descriptors: ['rms'], output: 'sequence' });
    const two = await heightOf({ descriptors: ['rms', 'chroma'], output: 'sequence', steps: 20 });
    const statistics = await heightOf({ descriptors: ['rms', 'chroma'], statistics: ['mean'] });
    expect(two).toBeGreaterThan(one);
    expect(statistics).toBeGreaterThan(two);
  });

  it('is a curve for each layer and statistic of pooled hidden states', async () => {
    const row = {
      id: 'a.wav',
      cells: { features: Float32Array.from({ length: 16 }, (_, i) => i), frames: 3 },
    };
    const columns: Columns = { features: { type: 'tensor', shape: [16] }, frames: { type: 'int32' } };
    const one = await drawEncoder({ row, columns, params: { model: 'x', layers: [1] } });
    const four = await drawEncoder({
      row,
      columns,
      params: { model: 'x', layers: [1, 2], pool: 'mean+std' },
    });
    expect(four.height).toBeGreaterThan(3 * one.height);
  });
});
