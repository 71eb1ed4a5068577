import { describe, expect, it } from '@jest/globals';
import type { Cells, Columns, Row } from '../../../../runner/kind/index.ts';
import acoustic from '../../../../stages/features/acoustic/index.ts';
import { DESCRIPTORS } from '../../../../stages/features/acoustic/params.ts';
import { statisticsOverTime } from '../../../../stages/features/acoustic/statistics.ts';
import mfcc from '../../../../stages/features/mfcc/index.ts';
import { greatestDifference } from '../../audio/distance.ts';
import { signal, sine } from '../../audio/signals.ts';

const CLIPS: Columns = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
};

function row(samples: Float32Array, sampleRate = 16_000, id = 'a.wav'): Row {
  return { id, cells: { samples, sampleRate } };
}

async function setup(params: object): Promise<{ columns: Columns; run: (row: Row) => Cells }> {
  const kind = await acoustic.load();
  const stage = await kind.setup({ params: acoustic.params.parse(params), columns: CLIPS, threads: 1 });
  const run = (input: Row): Cells => {
    const cells = stage.run(input);
    if (cells instanceof Promise) throw new Error('expected cells at once');
    return cells;
  };
  return { columns: stage.columns, run };
}

describe('features/acoustic', () => {
  it('has the vector of features/mfcc where only means are asked for', async () => {
    const { run } = await setup({ statistics: ['mean'] });
    const study = await (
      await mfcc.load()
    ).setup({ params: mfcc.params.parse({}), columns: CLIPS, threads: 1 });
    for (const seed of [1, 2, 3]) {
      const clip = row(signal('voice', 16_000, 9000 + 777 * seed, seed));
      const expected = await study.run(clip);
      const actual = run(clip);
      expect(actual.frames).toBe(expected.frames);
      expect(
        greatestDifference(actual.features as Float32Array, expected.features as Float32Array),
      ).toBeLessThan(1e-4);
    }
  });

  it('puts descriptors side by side and statistics one after the other', async () => {
    const descriptors = ['rms', 'chroma', 'zeroCrossingRate'];
    const clip = row(signal('voice', 16_000, 8000, 5));
    const { columns, run } = await setup({ descriptors, statistics: ['max', 'mean'] });
    expect(columns.features).toEqual({ type: 'tensor', shape: [28] });
    const sequence = await setup({ descriptors, output: 'sequence' });
    expect(sequence.columns.features).toEqual({ type: 'sequence', shape: [14] });
    const frames = sequence.run(clip).features as Float32Array;
    expect(frames).toHaveLength(14 * 16);
    expect(run(clip).features).toEqual(statisticsOverTime(frames, 14, ['max', 'mean']));
  });

  it('cuts long sequences and leaves short ones as they are', async () => {
    const clip = row(signal('voice', 16_000, 8000, 5));
    const whole = (await setup({ output: 'sequence' })).run(clip).features as Float32Array;
    const width = 160;
    for (const steps of [5, 16, 30]) {
      const { columns, run } = await setup({ output: 'sequence', steps });
      expect(columns.features).toEqual({ type: 'sequence', shape: [width] });
      expect(run(clip)).toEqual({ features: whole.slice(0, steps * width), frames: 16 });
    }
  });

  it('finds the pitch of a tone and the pitch class of its note', async () => {
    const { run } = await setup({ descriptors: ['pitch', 'chroma'], statistics: ['p50'] });
    const [pitch, ...chroma] = run(row(sine(440, 16_000, 16_000))).features as Float32Array;
    expect(pitch).toBeCloseTo(440, 0);
    expect(chroma.indexOf(Math.max(...chroma))).toBe(9);
  });

  it('follows pitch and voicing by pYIN', async () => {
    const clip = row(signal('voice', 16_000, 16_000, 9));
    const params = { descriptors: ['voiced', 'pitch', 'voicedProbability'], output: 'sequence' };
    const frames = async (more: object): Promise<number[][]> => {
      const values = (await setup({ ...params, ...more })).run(clip).features as Float32Array;
      return Array.from({ length: values.length / 3 }, (_, frame) => [
        ...values.subarray(3 * frame, 3 * frame + 3),
      ]);
    };
    const guessed = await frames({ pitchMethod: 'pyin' });
    const filled = await frames({ pitchMethod: 'pyin', unvoicedPitch: 0 });
    expect(guessed.every(([voiced]) => voiced === 1)).toBe(false);
    const loud = guessed.slice(8, 20);
    expect(loud.every(([voiced, pitch]) => voiced === 1 && pitch > 100 && pitch < 130)).toBe(true);
    expect(filled).toEqual(
      guessed.map(([voiced, pitch, probability]) => [voiced, voiced * pitch, probability]),
    );
    // Voicing is pYIN's own whatever finds the pitch.
    const withYin = await frames({});
    expect(withYin.map(([voiced]) => voiced)).toEqual(guessed.map(([voiced]) => voiced));
    expect(withYin.map(([, pitch]) => pitch)).not.toEqual(guessed.map(([, pitch]) => pitch));
    expect(await frames({ pitchMethod: 'pyin', pyin: { switchProbability: 0.5 } })).not.toEqual(guessed);
  });

  it('gives finite numbers for silence', async () => {
    const { run } = await setup({ descriptors: [...DESCRIPTORS], statistics: ['mean', 'std', 'p90'] });
    const features = run(row(new Float32Array(8000))).features as Float32Array;
    expect(features.every(Number.isFinite)).toBe(true);
  });

  it('does not depend on the clips before', async () => {
    const params = { descriptors: [...DESCRIPTORS] };
    const together = await setup(params);
    for (const [index, rate] of [48_000, 16_000, 48_000].entries()) {
      const clip = row(signal('voice', rate, 12_000 - 2000 * index, index), rate);
      expect(together.run(clip)).toEqual((await setup(params)).run(clip));
    }
  });

  it('says what cannot be computed of a clip', async () => {
    const contrast = await setup({ descriptors: ['contrast'] });
    expect(() => contrast.run(row(signal('voice', 8000, 8000, 1), 8000, 'low.wav'))).toThrow(
      expect.objectContaining({
        message: 'spectral contrast needs more than 12800 Hz, and the clip has 8000',
        place: 'low.wav',
      }),
    );
    const pitch = await setup({ descriptors: ['pitch'], pitchMin: 20 });
    expect(() => pitch.run(row(signal('voice', 48_000, 8000, 1), 48_000, 'high.wav'))).toThrow(
      expect.objectContaining({ place: 'high.wav', hint: 'change pitchMin, pitchMax or nFft' }),
    );
    const deltas = await setup({});
    expect(() => deltas.run(row(signal('voice', 16_000, 4095, 1)))).toThrow('too short: 4095 samples');
    const mfccOnly = await setup({ descriptors: ['mfcc'] });
    expect(mfccOnly.run(row(signal('voice', 16_000, 100, 1))).frames).toBe(1);
  });
});
