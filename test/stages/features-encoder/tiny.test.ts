import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import encoder from '../../../stages/features/encoder/index.ts';
import { clip, encode, largestDifference, setUp, signal, TINY } from './clips.ts';

interface Expected {
  readonly modelSha256: string;
  readonly cases: readonly {
    readonly samples: number;
    readonly frames: number;
    readonly firstFrame: readonly number[];
    readonly lastFrame: readonly number[];
    /** By layer. */
    readonly mean: readonly (readonly number[])[];
    readonly std: readonly (readonly number[])[];
  }[];
}

const expected = JSON.parse(readFileSync('test/fixtures/tiny-wav2vec2/expected.json', 'utf8')) as Expected;
const SIZE = 48;
/** The reference is in float64; onnxruntime's own difference from it is a few 1e-6. */
const TOLERANCE = 2e-5;

describe('the encoder on a tiny Wav2Vec2', () => {
  it('runs the graph that the reference was made with', () => {
    const digest = createHash('sha256')
      .update(readFileSync(`${TINY}/onnx/model.onnx`))
      .digest('hex');
    expect(digest).toBe(expected.modelSha256);
  });

  it.each(expected.cases)('agrees with the reference on $samples samples', async (reference) => {
    const samples = signal(reference.samples);

    const sequence = await encode({ pool: 'none' }, samples);
    const frames = sequence.features as Float32Array;
    expect(sequence.frames).toBe(reference.frames);
    expect(frames).toHaveLength(reference.frames * SIZE);
    expect(largestDifference(frames.subarray(0, SIZE), reference.firstFrame)).toBeLessThan(TOLERANCE);
    expect(largestDifference(frames.subarray(-SIZE), reference.lastFrame)).toBeLessThan(TOLERANCE);

    const all = await encode({ layers: 'all', pool: 'mean+std' }, samples);
    const flat = [...reference.mean.flat(), ...reference.std.flat()];
    expect(largestDifference(all.features as Float32Array, flat)).toBeLessThan(TOLERANCE);
  });

  it('takes layers in the order asked for, the last one by name too', async () => {
    const [, , reference] = expected.cases;
    const cells = await encode({ layers: [2, 0, 'last'], pool: 'mean' }, signal(reference.samples));
    const flat = [...reference.mean[2], ...reference.mean[0], ...reference.mean[2]];
    expect(largestDifference(cells.features as Float32Array, flat)).toBeLessThan(TOLERANCE);
  });

  it('cuts a long sequence and leaves a short one as it is', async () => {
    const samples = signal(16000);
    const whole = (await encode({ pool: 'none' }, samples)).features as Float32Array;
    const cut = await encode({ pool: 'none', steps: 20 }, samples);
    expect(cut.features).toEqual(whole.slice(0, 20 * SIZE));
    expect(cut.frames).toBe(49);
    expect((await encode({ pool: 'none', steps: 170 }, samples)).features).toEqual(whole);
  });

  it('declares the columns that it gives', async () => {
    const columnOf = async (params: object): Promise<unknown> => {
      const stage = await setUp(params);
      await stage.close?.();
      return stage.columns;
    };
    const frames = { type: 'int32' };
    expect(await columnOf({})).toEqual({ features: { type: 'tensor', shape: [48] }, frames });
    expect(await columnOf({ layers: 'all', pool: 'mean+std' })).toEqual({
      features: { type: 'tensor', shape: [2 * 3 * 48] },
      frames,
    });
    expect(await columnOf({ pool: 'none' })).toEqual({ features: { type: 'sequence', shape: [48] }, frames });
    expect(await columnOf({ pool: 'none', steps: 170, layers: [0, 1] })).toEqual({
      features: { type: 'sequence', shape: [96] },
      frames,
    });
  });

  it('gives the same bits at each run and with any number of threads', async () => {
    const params = { layers: 'all', pool: 'none' } as const;
    const samples = signal(40_000);
    const once = await encode(params, samples, { threads: 1 });
    for (const threads of [1, 2, 3, 8]) expect(await encode(params, samples, { threads })).toEqual(once);
  });

  it('does not change the clip, and gives the same whatever ran before it', async () => {
    const samples = signal(5000);
    const before = samples.slice();
    const stage = await setUp({});
    const first = await stage.run(clip(samples));
    await stage.run(clip(signal(16000)));
    expect(await stage.run(clip(samples))).toEqual(first);
    expect(samples).toEqual(before);
    await stage.close?.();
  });

  it('is blind to gain and offset, as the preprocessor normalises', async () => {
    const samples = signal(16000);
    const plain = (await encode({}, samples)).features as Float32Array;
    const moved = (
      await encode(
        {},
        samples.map((value) => 0.25 * value + 0.125),
      )
    ).features as Float32Array;
    expect(largestDifference(moved, plain)).toBeLessThan(1e-4);
  });

  it('notes that the weights are random', async () => {
    const stage = await setUp({});
    expect(stage.notes).toEqual([
      expect.stringContaining('The weights of the encoder demo/tiny-wav2vec2 are random'),
    ]);
    await stage.close?.();
  });
});

describe('the params of the encoder', () => {
  it('hash the model folder', () => {
    expect(encoder.files?.(encoder.params.parse({ model: TINY }))).toEqual([TINY]);
    expect(encoder.files?.(encoder.params.parse({}))).toEqual([]);
  });

  it('refuse what means nothing', () => {
    for (const params of [
      { layers: [] },
      { layers: [-1] },
      { layers: 'last' },
      { pool: 'max' },
      { dtype: 'fp8' },
    ])
      expect(encoder.params.safeParse(params).success).toBe(false);
    const steps = encoder.params.safeParse({ steps: 170, pool: 'mean' });
    expect(steps.error?.issues).toMatchObject([{ path: ['steps'] }]);
  });
});
