import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sketchOf } from '../../../runner/ui/artifacts/sketch.ts';
import { WaveFile } from '../../../runner/ui/artifacts/wave.ts';

const sequence = { type: 'sequence', shape: [] } as const;

describe('a sketch', () => {
  it('of a long curve keeps the least and the greatest of each part', () => {
    const values = Float32Array.from({ length: 1000 }, (_, at) => (at === 500 ? 9 : at === 501 ? -7 : 0));
    const sketch = sketchOf(sequence, values, { rows: 1, columns: 10 });
    expect(sketch).toMatchObject({ type: 'curve', length: 1000, low: -7, high: 9 });
    expect(sketch).toMatchObject({
      greatest: [0, 0, 0, 0, 0, 9, 0, 0, 0, 0],
      least: [0, 0, 0, 0, 0, -7, 0, 0, 0, 0],
    });
  });

  it('of a matrix is no larger than asked for, and says how large the whole is', () => {
    const column = { type: 'tensor', shape: [40, 300] } as const;
    const values = Float32Array.from({ length: 12_000 }, (_, at) => at);
    const sketch = sketchOf(column, values, { rows: 10, columns: 30 });
    expect(sketch).toMatchObject({ type: 'map', size: [40, 300], rows: 10, columns: 30 });
    expect(sketch.type === 'map' && sketch.values).toHaveLength(300);
  });

  it('is JSON whatever the numbers are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float(), { minLength: 0, maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (list, width) => {
          const values = Float32Array.from(list);
          const sketches = [
            sketchOf(sequence, values, { rows: 4, columns: width }),
            ...(values.length >= 4
              ? [
                  sketchOf(
                    { type: 'tensor', shape: [2, Math.floor(values.length / 2)] },
                    values.subarray(0, 2 * Math.floor(values.length / 2)),
                    { rows: 4, columns: width },
                  ),
                ]
              : []),
          ];
          for (const sketch of sketches) {
            expect(JSON.parse(JSON.stringify(sketch))).toEqual(sketch);
            expect(sketch.low).toBeLessThanOrEqual(sketch.high);
          }
        },
      ),
    );
  });
});

describe('a sound as a WAV file', () => {
  it('has any part of it the same as in the whole', () => {
    const samples = Float32Array.from([0, 1, -1, 0.5, 2, -2, NaN]);
    const wave = new WaveFile({ samples, sampleRate: 16_000 });
    const whole = wave.slice(0, wave.size);
    expect(whole).toHaveLength(wave.size);
    const data = Array.from(samples, (_, at) => whole.readInt16LE(44 + 2 * at));
    expect(data).toEqual([0, 32767, -32767, 16384, 32767, -32767, 0]);
    fc.assert(
      fc.property(fc.nat(wave.size), fc.nat(wave.size), (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(wave.slice(start, end)).toEqual(whole.subarray(start, end));
      }),
    );
  });
});
