import { describe, expect, it } from '@jest/globals';
import type { Cells, Columns, Row } from '../../../../runner/kind/index.ts';
import { FUNCTIONALS } from '../../../../stages/audio/egemaps/functionals.ts';
import egemaps from '../../../../stages/features/egemaps/index.ts';
import draw from '../../../../stages/features/egemaps/picture.ts';
import { signal } from '../../audio/signals.ts';

const CLIPS: Columns = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
};

function row(samples: Float32Array, sampleRate = 16_000, id = 'a.wav'): Row {
  return { id, cells: { samples, sampleRate } };
}

async function setup(params: object = {}): Promise<{ columns: Columns; run: (row: Row) => Cells }> {
  const kind = await egemaps.load();
  const stage = await kind.setup({ params: egemaps.params.parse(params), columns: CLIPS, threads: 1 });
  const run = (input: Row): Cells => {
    const cells = stage.run(input);
    if (cells instanceof Promise) throw new Error('expected cells at once');
    return cells;
  };
  return { columns: stage.columns, run };
}

describe('features/egemaps', () => {
  it('gives a vector of all functionals, or of the groups asked for', async () => {
    const clip = row(signal('voice', 16_000, 16_000, 5));
    const whole = await setup();
    expect(whole.columns.features).toEqual({ type: 'tensor', shape: [FUNCTIONALS.length] });
    const all = whole.run(clip);
    expect(all.frames).toBe(99);
    const some = await setup({ groups: ['formants', 'loudness'] });
    const expected = (all.features as Float32Array).filter((_, index) =>
      ['formants', 'loudness'].includes(FUNCTIONALS[index].group),
    );
    expect(some.columns.features).toEqual({ type: 'tensor', shape: [expected.length] });
    expect(some.run(clip).features).toEqual(expected);
    expect(() => egemaps.params.parse({ groups: ['jitter'] })).toThrow('Invalid option');
  });

  it('says what cannot be computed of a clip', async () => {
    const { run } = await setup();
    expect(() => run(row(signal('voice', 16_000, 959, 1), 16_000, 'short.wav'))).toThrow(
      expect.objectContaining({
        message: 'too short: 959 samples, and the pitch needs 60 ms, 960 samples',
        place: 'short.wav',
        hint: 'take the recording out, or trim less',
      }),
    );
    for (const rate of [8000, 22_050]) {
      expect(() => run(row(signal('voice', rate, 9000, 1), rate, 'rate.wav'))).toThrow(
        expect.objectContaining({
          message: `the eGeMAPS descriptors need 16000 Hz or more, in whole hundreds, and the clip has ${rate}`,
          place: 'rate.wav',
          hint: 'resample by a preprocess stage with sampleRate: 16000',
        }),
      );
    }
    const damaged = signal('voice', 16_000, 4000, 1);
    damaged[77] = Number.NaN;
    expect(() => run(row(damaged, 16_000, 'damaged.wav'))).toThrow(
      expect.objectContaining({ message: 'sample 77 of 4000 is NaN', place: 'damaged.wav' }),
    );
  });

  it('has a picture with and without the clip, and of rows made with other params', async () => {
    const clip = row(signal('voice', 16_000, 8000, 5));
    const { columns, run } = await setup();
    const made = { row: { id: clip.id, cells: run(clip) }, columns, params: egemaps.params.parse({}) };
    const alone = await draw(made);
    const beside = await draw({ ...made, input: { row: clip, columns: CLIPS } });
    const other = await draw({ ...made, params: egemaps.params.parse({ groups: ['pitch'] }) });
    expect(alone.rgba.length).toBe(4 * alone.width * alone.height);
    expect(beside.height).toBeGreaterThan(1.5 * alone.height);
    expect(other.height).toBeLessThan(0.5 * alone.height);
  });
});
