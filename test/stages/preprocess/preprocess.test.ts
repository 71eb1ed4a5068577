import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cells, Columns, Row } from '../../../runner/kind/index.ts';
import preprocess from '../../../stages/preprocess/index.ts';
import { greatestDifference } from '../audio/distance.ts';
import { signal } from '../audio/signals.ts';

const CLIPS: Columns = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
};

function row(samples: Float32Array, sampleRate: number, id = 'a.wav'): Row {
  return { id, cells: { samples, sampleRate } };
}

async function setup(params: object, columns = CLIPS): Promise<(row: Row) => Cells> {
  const kind = await preprocess.load();
  const stage = await kind.setup({ params: preprocess.params.parse(params), columns, threads: 1 });
  return (input) => {
    const cells = stage.run(input);
    if (cells instanceof Promise) throw new Error('expected cells at once');
    expect(Object.keys(cells).sort()).toEqual(Object.keys(stage.columns).sort());
    return cells;
  };
}

const samplesOf = (cells: Cells): Float32Array => cells.samples as Float32Array;

describe('preprocess', () => {
  it('brings a clip to the rate, cuts the silent ends off and makes the peak 1', async () => {
    const run = await setup({ sampleRate: 16_000 });
    const cells = run(row(signal('voice', 48_000, 48_000, 1), 48_000));
    const samples = samplesOf(cells);
    expect(cells.sampleRate).toBe(16_000);
    expect(cells.duration).toBe(samples.length / 16_000);
    expect(samples).toHaveLength((cells.trimEnd as number) - (cells.trimStart as number));
    expect(cells.trimStart).toBeGreaterThan(0);
    expect(cells.trimEnd).toBeLessThan(16_000);
    expect(Math.max(...samples.map(Math.abs))).toBe(1);
    expect(cells.peak).toBeLessThan(1);
  });

  it('keeps ends and level where told to', async () => {
    const run = await setup({ sampleRate: 16_000, trimDb: null, normalize: 'none' });
    const samples = signal('voice', 16_000, 5001, 2);
    expect(run(row(samples, 16_000))).toMatchObject({
      samples,
      trimStart: 0,
      trimEnd: 5001,
      duration: 5001 / 16_000,
    });
  });

  it('plays a clip faster or slower: as many samples fewer or more, all frequencies higher or lower', async () => {
    const rate = 16_000;
    const hertz = 500;
    const sine = (frequency: number, count: number): Float32Array =>
      Float32Array.from({ length: count }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / rate));
    for (const speed of [0.8, 1, 1.2, 1.25]) {
      const run = await setup({ sampleRate: rate, trimDb: null, normalize: 'none', speed });
      const played = samplesOf(run(row(sine(hertz, rate), rate)));
      expect(played).toHaveLength(Math.ceil(rate / speed));
      // Away from the ends, where the filter finds no signal.
      const expected = sine(hertz * speed, played.length);
      expect(greatestDifference(played.subarray(500, -500), expected.subarray(500, -500))).toBeLessThan(2e-4);
    }
  });

  it('counts what it trims at the speed that the clip is played', async () => {
    const params = { sampleRate: 16_000, speed: 2 };
    const samples = new Float32Array(16_000);
    samples.set(signal('noise', 16_000, 4096, 3), 8000);
    const { trimStart, trimEnd, duration } = (await setup(params))(row(samples, 16_000)) as Record<
      string,
      number
    >;
    expect(trimStart).toBeGreaterThan(4000 - 2048);
    expect(trimStart).toBeLessThanOrEqual(4000);
    expect(trimEnd).toBeGreaterThanOrEqual(4000 + 2048);
    expect(duration).toBe((trimEnd - trimStart) / 16_000);
  });

  it('refuses silence by name, and says where channels cancel each other out', async () => {
    const run = await setup({});
    const silence = new Float32Array(48_000);
    expect(() => run(row(silence, 48_000, 'dead.wav'))).toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message: 'silent: less than 50 ms of it are above -70 dBFS, leaving offsets and mains hum aside',
        place: 'dead.wav',
        hint: 'the microphone was off or dead: record it again, or take it out',
      }),
    );
    const cells = { samples: silence, sampleRate: 48_000, channels: 2, bitDepth: 16, channelPeak: 0.5 };
    expect(() => run({ id: 'stereo.wav', cells })).toThrow(
      expect.objectContaining({
        message: 'silent: its 2 channels cancel each other out when they are mixed to mono',
        place: 'stereo.wav',
        hint: 'keep one of them, e.g. `ffmpeg -i in.wav -af "pan=mono|c0=c0" out.wav`',
      }),
    );
    expect(() => run({ id: 'mono.wav', cells: { ...cells, channels: 1 } })).toThrow('silent: less than');
    const quiet = row(
      signal('voice', 48_000, 24_000, 1).map((value) => value / 10_000),
      48_000,
    );
    expect(() => run(quiet)).toThrow('silent');
    const lower = await setup({ silenceDb: -110 });
    expect(lower(quiet).peak).toBeGreaterThan(0);
  });

  it('makes no room for a clip that is too long once it is resampled', async () => {
    const run = await setup({ sampleRate: 768_000 });
    const samples = signal('noise', 1000, 500_000, 1);
    expect(() => run(row(samples, 1000, 'long.wav'))).toThrow(
      expect.objectContaining({
        message: 'too long: 384000000 samples at 768000 Hz are 8 minutes, and 6 are the most',
        place: 'long.wav',
      }),
    );
  });

  it('leaves silence as it is where any will do: it has no louder part', async () => {
    const run = await setup({ silenceDb: null });
    expect(run(row(new Float32Array(3000), 48_000))).toMatchObject({
      samples: new Float32Array(3000),
      trimStart: 0,
      trimEnd: 3000,
      peak: 0,
    });
  });

  it('does not change with the gain', async () => {
    const run = await setup({ sampleRate: 16_000 });
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.integer({ min: 2000, max: 20_000 }),
        fc.constantFrom(8000, 16_000, 44_100),
        (gain, count, rate) => {
          const samples = signal('voice', rate, count, count);
          const reference = run(row(samples, rate));
          const louder = run(
            row(
              samples.map((value) => value * gain),
              rate,
            ),
          );
          expect([louder.trimStart, louder.trimEnd]).toEqual([reference.trimStart, reference.trimEnd]);
          expect(greatestDifference(samplesOf(louder), samplesOf(reference))).toBeLessThan(2e-6);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('trims silence that is put before and after', async () => {
    const run = await setup({ sampleRate: 16_000 });
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 40 }), fc.integer({ min: 8, max: 40 }), (before, after) => {
        const voice = signal('noise', 16_000, 512 * 20, 3);
        const samples = new Float32Array(voice.length + 512 * (before + after));
        samples.set(voice, 512 * before);
        const { trimStart, trimEnd } = run(row(samples, 16_000)) as Record<string, number>;
        // A frame of 2,048 samples reaches at most two hops of 512 into the silence.
        expect(trimStart).toBeGreaterThanOrEqual(512 * (before - 2));
        expect(trimStart).toBeLessThanOrEqual(512 * before);
        expect(trimEnd).toBeGreaterThanOrEqual(512 * before + voice.length);
        expect(trimEnd).toBeLessThanOrEqual(512 * (before + 3) + voice.length);
      }),
    );
  });

  it('does not depend on the clips before', async () => {
    const clips = [48_000, 8000, 44_100, 16_000].map((rate, index) =>
      row(signal('voice', rate, 9000, index), rate),
    );
    const together = await setup({ sampleRate: 16_000 });
    for (const clip of clips) {
      const alone = await setup({ sampleRate: 16_000 });
      expect(together(clip)).toEqual(alone(clip));
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('fails by name where a sample is %d', async (value) => {
    const run = await setup({ sampleRate: 48_000 });
    const samples = signal('voice', 48_000, 48_000, 1);
    samples[24_000] = value;
    expect(() => run(row(samples, 48_000, 'bad.wav'))).toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message: 'a sample near 0.49 s is NaN or infinite',
        place: 'bad.wav',
      }),
    );
    expect(() => run(row(samples, 44_100, 'bad.wav'))).toThrow('NaN or infinite');
  });

  it('refuses a clip without samples and a table without clips', async () => {
    const run = await setup({});
    expect(() => run(row(new Float32Array(), 48_000))).toThrow('a clip without samples');
    await expect(setup({}, { features: { type: 'tensor', shape: [3] } })).rejects.toMatchObject({
      name: 'StageFailure',
      place: 'preprocess',
    });
  });
});
