import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Row, RowFunction } from '../../../runner/kind/index.ts';
import { clip, encode, largestDifference, setUp, signal } from './clips.ts';

const MODEL = '../shared/models/whisper-base';
const RECORDINGS = '../shared/ravdess-mini';
const LAYERS = 7;
const SIZE = 512;

interface Expected {
  readonly signal: {
    readonly samples: number;
    readonly frames: number;
    readonly middleFrame: readonly number[];
    /** The first 64 values of each layer's mean. */
    readonly mean: readonly (readonly number[])[];
  };
  readonly files: Readonly<
    Record<
      string,
      { readonly frames: number; readonly meanNorm: readonly number[]; readonly stdNorm: readonly number[] }
    >
  >;
}

const expected = JSON.parse(readFileSync('test/fixtures/whisper-encoder/expected.json', 'utf8')) as Expected;

/** Every third sample of a 16-bit mono recording at 48 kHz, whatever chunks its file holds. */
function everyThirdSample(path: string): Float32Array {
  const file = readFileSync(path);
  let at = 12;
  while (file.toString('latin1', at, at + 4) !== 'data') at += 8 + file.readUInt32LE(at + 4);
  const count = file.readUInt32LE(at + 4) / 2;
  return Float32Array.from(
    { length: Math.ceil(count / 3) },
    (_, n) => file.readInt16LE(at + 8 + 6 * n) / 32768,
  );
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

const describeWithModel = existsSync(MODEL) ? describe : describe.skip;
const describeWithRecordings = existsSync(MODEL) && existsSync(RECORDINGS) ? describe : describe.skip;

describeWithModel('the encoder of Whisper', () => {
  it('agrees with transformers and onnxruntime frame by frame, unpadded', async () => {
    const samples = signal(expected.signal.samples);
    const last = await encode({ model: MODEL, pool: 'none' }, samples);
    expect(last.frames).toBe(expected.signal.frames);
    const middle = (last.features as Float32Array).subarray(25 * SIZE, 26 * SIZE);
    expect(largestDifference(middle, expected.signal.middleFrame)).toBeLessThan(1e-3);

    const all = (await encode({ model: MODEL, layers: 'all', pool: 'mean' }, samples))
      .features as Float32Array;
    expect(all).toHaveLength(LAYERS * SIZE);
    expected.signal.mean.forEach((mean, layer) => {
      expect(largestDifference(all.subarray(layer * SIZE, layer * SIZE + 64), mean)).toBeLessThan(1e-3);
    });
  });

  it('gives the same bits with any number of threads', async () => {
    const params = { model: MODEL, layers: [3, 4, 5], pool: 'mean+std' as const };
    const once = await encode(params, signal(20_000), { threads: 1 });
    for (const threads of [2, 3]) expect(await encode(params, signal(20_000), { threads })).toEqual(once);
  });

  it('refuses clips of more than its 30 s', async () => {
    await expect(encode({ model: MODEL }, new Float32Array(480_001).fill(0.1))).rejects.toMatchObject({
      name: 'StageFailure',
      message: 'the clip is longer than the 30 s that the encoder has positions for',
      place: 'a/clip.wav',
    });
  });
});

describeWithRecordings('the encoder of Whisper on recordings', () => {
  let stage: RowFunction<Row>;
  beforeAll(async () => {
    stage = await setUp({ model: MODEL, layers: 'all', pool: 'mean+std' });
  });
  afterAll(() => stage.close?.());

  it('agrees with transformers and onnxruntime on every file', async () => {
    expect(Object.keys(expected.files)).toHaveLength(64);
    for (const [name, reference] of Object.entries(expected.files)) {
      const cells = await stage.run(clip(everyThirdSample(join(RECORDINGS, name))));
      const features = cells.features as Float32Array;
      expect(cells.frames).toBe(reference.frames);
      for (let layer = 0; layer < LAYERS; layer += 1) {
        const mean = norm(features.subarray(layer * SIZE, (layer + 1) * SIZE));
        const std = norm(features.subarray((LAYERS + layer) * SIZE, (LAYERS + layer + 1) * SIZE));
        expect({ name, layer, off: Math.abs(mean / reference.meanNorm[layer] - 1) > 1e-4 }).toMatchObject({
          off: false,
        });
        expect({ name, layer, off: Math.abs(std / reference.stdNorm[layer] - 1) > 1e-4 }).toMatchObject({
          off: false,
        });
      }
    }
  });
});
