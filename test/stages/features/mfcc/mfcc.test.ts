import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cells, Columns, Row } from '../../../../runner/kind/index.ts';
import mfcc from '../../../../stages/features/mfcc/index.ts';
import { greatestDifference } from '../../audio/distance.ts';
import { signal } from '../../audio/signals.ts';

const CLIPS: Columns = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
};

function row(samples: Float32Array, sampleRate = 16_000, id = 'a.wav'): Row {
  return { id, cells: { samples, sampleRate } };
}

async function setup(params: object): Promise<{ columns: Columns; run: (row: Row) => Cells }> {
  const kind = await mfcc.load();
  const stage = await kind.setup({ params: mfcc.params.parse(params), columns: CLIPS, threads: 1 });
  const run = (input: Row): Cells => {
    const cells = stage.run(input);
    if (cells instanceof Promise) throw new Error('expected cells at once');
    return cells;
  };
  return { columns: stage.columns, run };
}

describe('features/mfcc', () => {
  it.each([
    [40, 40, 160],
    [13, 40, 79],
    [20, 64, 124],
  ])('%i coefficients and %i mels make %i numbers', async (coefficients, mels, length) => {
    const { columns, run } = await setup({ coefficients, mels });
    expect(columns.features).toEqual({ type: 'tensor', shape: [length] });
    const cells = run(row(signal('voice', 16_000, 16_000, 1)));
    expect(cells.features).toHaveLength(length);
    expect(cells.frames).toBe(32);
  });

  it('takes nine frames, and says which clip has fewer', async () => {
    const { run } = await setup({});
    expect(run(row(signal('noise', 16_000, 8 * 512, 1))).frames).toBe(9);
    expect(() => run(row(signal('noise', 16_000, 8 * 512 - 1, 1), 16_000, 'short.wav'))).toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message: 'too short: 4095 samples at 16000 Hz make 8 frames, and deltas need 9 (4096 samples)',
        place: 'short.wav',
      }),
    );
  });

  it('only shifts the first coefficient with the gain', async () => {
    const { run } = await setup({ coefficients: 13 });
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.nat(100), (gain, seed) => {
        const samples = signal('noise', 16_000, 8000, seed);
        const features = run(row(samples)).features as Float32Array;
        const louder = run(row(samples.map((value) => value * gain))).features as Float32Array;
        expect(louder[0] - features[0]).toBeCloseTo(20 * Math.log10(gain) * Math.sqrt(128), 2);
        expect(greatestDifference(louder.subarray(1), features.subarray(1))).toBeLessThan(1e-3);
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the clips before', async () => {
    const together = await setup({});
    for (const [index, rate] of [48_000, 16_000, 22_050, 48_000].entries()) {
      const clip = row(signal('voice', rate, 20_000 - 3000 * index, index), rate);
      expect(together.run(clip)).toEqual((await setup({})).run(clip));
    }
  });

  it('fails by name where a sample is not finite, and where powers overflow', async () => {
    const { run } = await setup({});
    const samples = signal('voice', 16_000, 16_000, 1);
    samples[77] = Number.NEGATIVE_INFINITY;
    expect(() => run(row(samples, 16_000, 'bad.wav'))).toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message: 'sample 77 of 16000 is -Infinity',
        place: 'bad.wav',
      }),
    );
    const loud = signal('noise', 16_000, 8000, 1).map((value) => value * 1e25);
    expect(() => run(row(loud, 16_000, 'loud.wav'))).toThrow(
      expect.objectContaining({ message: 'a mel power beyond float32', place: 'loud.wav' }),
    );
  });

  it('refuses params that make no sense', () => {
    expect(() => mfcc.params.parse({ coefficients: 200 })).toThrow('must not be more than mfccMels');
    expect(() => mfcc.params.parse({ nFft: 1000 })).toThrow('must be a power of two');
    expect(() => mfcc.params.parse({ coeficients: 13 })).toThrow('coeficients');
  });
});
