import { describe, expect, it } from '@jest/globals';
import type { Cells, Columns, Row } from '../../../runner/kind/index.ts';
import { shiftPitch, timeStretch } from '../../../stages/audio/phase-vocoder.ts';
import { istft, stft } from '../../../stages/audio/stft.ts';
import augment from '../../../stages/augment/index.ts';
import { greatestDifference } from '../audio/distance.ts';
import { librosaFixture } from '../audio/librosa-fixture.ts';
import { signal, sine } from '../audio/signals.ts';

const CLIPS: Columns = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
};
const VOICE = signal('voice', 16_000, 8000, 4);

function row(samples: Float32Array, id = 'a.wav'): Row {
  return { id, cells: { samples, sampleRate: 16_000 } };
}

async function setup(params: object): Promise<(row: Row) => Cells> {
  const kind = await augment.load();
  const stage = await kind.setup({ params: augment.params.parse(params), columns: CLIPS, threads: 1 });
  return (input) => {
    const cells = stage.run(input);
    if (cells instanceof Promise) throw new Error('expected cells at once');
    expect(Object.keys(cells).sort()).toEqual(Object.keys(stage.columns).sort());
    return cells;
  };
}

const samplesOf = (cells: Cells): Float32Array => cells.samples as Float32Array;

function energy(samples: Float32Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0);
}

describe('effects against librosa', () => {
  const { rate, count, seed, stretched, shifted } = librosaFixture.effects;
  const samples = signal('voice', rate, count, seed);

  it.each(stretched)('stretching by $factor', ({ factor, length, samples: expected }) => {
    const actual = timeStretch(samples, factor);
    expect(actual).toHaveLength(length);
    expect(greatestDifference(actual.subarray(3000, 3200), expected)).toBeLessThan(1e-4);
  });

  it.each(shifted)('shifting by $semitones semitones', ({ semitones, length, samples: expected }) => {
    const actual = shiftPitch(samples, 2 * semitones);
    expect(actual).toHaveLength(length);
    // librosa resamples by an irrational ratio, from which a fraction drifts away by a little of a sample.
    expect(greatestDifference(actual.subarray(3000, 3200), expected)).toBeLessThan(1e-2);
  });

  it('transforms there and back', () => {
    expect(greatestDifference(istft(stft(VOICE), VOICE.length), VOICE)).toBeLessThan(1e-6);
  });
});

describe('augment', () => {
  it('leaves a clip as it is where nothing is asked for', async () => {
    expect((await setup({}))(row(VOICE))).toEqual({
      samples: VOICE,
      sampleRate: 16_000,
      duration: 0.5,
      changes: '',
    });
  });

  it('draws by seed and id, whatever came before', async () => {
    const params = { stretch: [0.8, 1.2], pitch: [-2, 2], noiseDb: [10, 30], gainDb: [-6, 6], timeMasks: 1 };
    const run = await setup(params);
    const first = run(row(VOICE, 'a.wav'));
    const other = run(row(VOICE, 'b.wav'));
    expect(other.changes).not.toBe(first.changes);
    expect((await setup(params))(row(VOICE, 'a.wav'))).toEqual(first);
    expect((await setup({ ...params, seed: 43 }))(row(VOICE, 'a.wav')).changes).not.toBe(first.changes);
    expect(first.changes).toMatch(
      /^stretch \d\.\d{3}, pitch -?\d(\.5)?, silent \d\.\d{3} to \d\.\d{3} s, noise \d+\.\d dB, gain -?\d\.\d dB$/,
    );
  });

  it('keeps the draws of one effect where another is switched on', async () => {
    const alone = (await setup({ gainDb: [-6, 6] }))(row(VOICE)).changes as string;
    const both = (await setup({ gainDb: [-6, 6], noiseDb: [10, 20] }))(row(VOICE)).changes as string;
    expect(both.endsWith(`, ${alone}`)).toBe(true);
  });

  it('adds noise at the ratio asked for, and none to silence', async () => {
    const run = await setup({ noiseDb: [15, 15] });
    const noise = samplesOf(run(row(VOICE))).map((value, index) => value - VOICE[index]);
    expect(10 * Math.log10(energy(VOICE) / energy(noise))).toBeCloseTo(15, 3);
    expect(samplesOf(run(row(new Float32Array(100))))).toEqual(new Float32Array(100));
  });

  it('changes the level by the gain', async () => {
    const louder = samplesOf((await setup({ gainDb: [6, 6] }))(row(VOICE)));
    expect(10 * Math.log10(energy(louder) / energy(VOICE))).toBeCloseTo(6, 4);
  });

  it('silences time and takes bands out', async () => {
    const masked = samplesOf((await setup({ timeMasks: 2, timeMaskSeconds: 0.1 }))(row(VOICE, 'c.wav')));
    const changed = masked.filter((value, index) => value !== VOICE[index]);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThanOrEqual(3200);
    expect(changed.every((value) => value === 0)).toBe(true);

    // One mask as wide as the spectrum: whatever is drawn, only the noise within it goes.
    const run = await setup({ frequencyMasks: 1, frequencyMaskHertz: 8000 });
    const { samples, changes } = run(row(signal('noise', 16_000, 16_000, 1), 'd.wav'));
    const [, from, to] = /^without (\d+) to (\d+) Hz$/.exec(changes as string) ?? [];
    const kept = energy(samples as Float32Array) / energy(signal('noise', 16_000, 16_000, 1));
    expect(kept).toBeCloseTo(1 - (Number(to) - Number(from)) / 8000, 1);
  });

  it('moves a tone by semitones and keeps its length', async () => {
    const cells = (await setup({ pitch: [12, 12] }))(row(sine(300, 16_000, 16_000)));
    const samples = samplesOf(cells).subarray(4000, 12_000);
    let crossings = 0;
    for (let n = 1; n < samples.length; n++) if (samples[n] < 0 !== samples[n - 1] < 0) crossings++;
    expect(crossings).toBeGreaterThanOrEqual(598);
    expect(crossings).toBeLessThanOrEqual(602);
    expect(cells.duration).toBe(1);
  });

  it('refuses ranges that are none', () => {
    expect(() => augment.params.parse({ gainDb: [3, -3] })).toThrow('must not be greater');
    expect(() => augment.params.parse({ stretch: [0, 1] })).toThrow('stretch');
  });
});
