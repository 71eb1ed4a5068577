import type { Cells, Columns, Row, RowContext, RowFunction } from '../../../runner/kind/index.ts';
import encoder from '../../../stages/features/encoder/index.ts';
import type { EncoderParams } from '../../../stages/features/encoder/params.ts';

export const TINY = 'demo/tiny-wav2vec2';

const CLIP_COLUMNS: Columns = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
};

export function setUp(
  params: Partial<EncoderParams>,
  context: Partial<RowContext<EncoderParams>> = {},
): Promise<RowFunction<Row>> {
  const parsed = encoder.params.parse({ model: TINY, ...params });
  return encoder
    .load()
    .then((implementation) =>
      implementation.setup({ params: parsed, columns: CLIP_COLUMNS, threads: 2, ...context }),
    );
}

/** Sets the stage up, runs one clip, and closes it. */
export async function encode(
  params: Partial<EncoderParams>,
  samples: Float32Array,
  context: Partial<RowContext<EncoderParams>> = {},
): Promise<Cells> {
  const stage = await setUp(params, context);
  try {
    return await stage.run(clip(samples));
  } finally {
    await stage.close?.();
  }
}

export function clip(samples: Float32Array, sampleRate = 16000): Row {
  return { id: 'a/clip.wav', cells: { samples, sampleRate } };
}

/** As scripts/fixtures/tiny-wav2vec2.py makes it: a sawtooth of 97 samples and some noise. */
export function signal(length: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => (n % 97) / 97 - 0.5 + 0.3 * (((n * n) % 1009) / 1009 - 0.5));
}

export function largestDifference(a: Float32Array, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, value, n) => Math.max(largest, Math.abs(value - b[n])), 0);
}
