import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contourPeaks } from '../../../../stages/audio/egemaps/contour-peaks.ts';
import { smoothed, smoothedNonZero } from '../../../../stages/audio/egemaps/contours.ts';
import { DescriptorAnalysis } from '../../../../stages/audio/egemaps/descriptors.ts';
import { FUNCTIONALS, functionals } from '../../../../stages/audio/egemaps/functionals.ts';
import { smoothPitch } from '../../../../stages/audio/egemaps/pitch-smoothing.ts';
import { PolynomialRoots } from '../../../../stages/audio/egemaps/polynomial-roots.ts';
import { signal, sine } from '../signals.ts';

describe('polynomial roots', () => {
  it('are found of polynomials made of them', () => {
    const place = fc.record({
      radius: fc.double({ min: 0.3, max: 0.99, noNaN: true }),
      angle: fc.double({ min: 0.1, max: 3, noNaN: true }),
    });
    // Pairs far enough apart to be told from double roots.
    const pairs = fc
      .array(place, { minLength: 5, maxLength: 5 })
      .filter((all) =>
        all.every((a, i) => all.every((b, j) => i === j || Math.abs(a.angle - b.angle) > 0.1)),
      );
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.2, max: 0.9, noNaN: true }), (all, realRoot) => {
        let polynomial = [1, -realRoot];
        for (const { radius, angle } of all) {
          const factor = [1, -2 * radius * Math.cos(angle), radius * radius];
          polynomial = product(polynomial, factor);
        }
        const roots = new PolynomialRoots(11);
        roots.solve(Float64Array.from(polynomial.slice(1)));
        const found = Array.from(roots.real, (x, k) => ({
          radius: Math.hypot(x, roots.imaginary[k]),
          angle: Math.atan2(roots.imaginary[k], x),
        }))
          .filter(({ angle }) => angle > 0.05 && angle < 3.1)
          .sort((a, b) => a.angle - b.angle);
        const expected = [...all].sort((a, b) => a.angle - b.angle);
        expect(found).toHaveLength(5);
        found.forEach((root, k) => {
          expect(root.radius).toBeCloseTo(expected[k].radius, 5);
          expect(root.angle).toBeCloseTo(expected[k].angle, 5);
        });
      }),
    );
  });
});

function product(a: readonly number[], b: readonly number[]): number[] {
  const result = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => (result[i + j] += x * y));
  });
  return result;
}

describe('peaks of a contour', () => {
  it('are those that stand out by a tenth of its range, and slopes lie between them', () => {
    const { count, rising, falling } = contourPeaks(Float64Array.of(0, 1, 4, 3.9, 4, 2, 1, 3, 5, 0));
    // Peaks 4 and 5 with the trough 1 between them; the end, 5 per frame down, counts against its sign.
    expect(count).toBe(2);
    expect(rising.mean).toBeCloseTo((200 + 200) / 2, 6);
    expect(falling.mean).toBeCloseTo((75 - 500) / 2, 6);
  });

  it('are none of a contour that stays', () => {
    const none = { mean: 0, deviation: 0 };
    expect(contourPeaks(new Float64Array(5).fill(2)).count).toBe(0);
    expect(contourPeaks(new Float64Array(0))).toEqual({ count: 0, rising: none, falling: none });
  });
});

it('smoothing keeps what is constant, and zeros where these are no values', () => {
  expect(smoothed(Float64Array.of(2, 2, 2))).toEqual(Float64Array.of(2, 2, 2));
  expect(smoothed(Float64Array.of(3, 0, 0))).toEqual(Float64Array.of(2, 1, 0));
  expect(smoothedNonZero(Float64Array.of(0, 3, 5, 0, 2))).toEqual(Float64Array.of(0, 4, 4, 0, 2));
});

describe('the path of the pitch', () => {
  const frame = (...candidates: [number, number][]) => ({
    frequencies: candidates.map(([hertz]) => hertz),
    voicing: candidates.map(([, voicing]) => voicing),
  });

  it('stays with the pitch where an octave stands out a little more for a frame', () => {
    const steady = frame([200, 0.85], [100, 0.75]);
    const doubtful = frame([100, 0.8], [200, 0.79]);
    const { pitch } = smoothPitch([steady, steady, doubtful, steady, steady]);
    expect([...pitch]).toEqual([200, 200, 200, 200, 200]);
  });

  it('bridges a frame below the threshold and leaves silence unvoiced', () => {
    const voiced = frame([200, 0.85]);
    const weak = frame([200, 0.65]);
    const frames = [frame(), frame(), frame(), voiced, voiced, voiced, weak, voiced, voiced];
    expect([...smoothPitch(frames).pitch]).toEqual([0, 0, 0, 200, 200, 200, 200, 200, 200]);
  });

  it('does not change for frames that are settled', () => {
    const candidate = fc.tuple(
      fc.double({ min: 60, max: 900, noNaN: true }),
      fc.double({ min: 0.3, max: 0.95, noNaN: true }),
    );
    const frames = fc.array(fc.array(candidate, { maxLength: 4 }), { minLength: 2, maxLength: 15 });
    fc.assert(
      fc.property(frames, frames, (before, after) => {
        const start = before.map((all) => frame(...all));
        const { pitch, settled } = smoothPitch(start);
        const longer = smoothPitch([...start, ...after.map((all) => frame(...all))]);
        expect(longer.pitch.slice(0, settled)).toEqual(pitch.slice(0, settled));
        expect(longer.settled).toBeGreaterThanOrEqual(settled);
      }),
    );
  });
});

describe('descriptors', () => {
  it('find the pitch and the level of a tone of any pitch', () => {
    const analysis = new DescriptorAnalysis(16_000);
    fc.assert(
      fc.property(fc.double({ min: 90, max: 600, noNaN: true }), (hertz) => {
        const frames = analysis.analyse(sine(hertz, 16_000, 4000).map((sample) => sample / 4));
        expect(Math.abs(12 * Math.log2(frames.pitch[5] / hertz))).toBeLessThan(0.5);
        const level = functionals(frames).find(({ name }) => name === 'equivalentSoundLevel_dBp')!;
        expect(level.value).toBeCloseTo(10 * Math.log10(1 / 32), 0);
      }),
      { numRuns: 20 },
    );
  });

  it('are finite for silence, for one frame and for noise', () => {
    for (const samples of [
      new Float32Array(4000),
      signal('noise', 16_000, 960, 3),
      signal('voice', 16_000, 5000, 2),
    ]) {
      const values = functionals(new DescriptorAnalysis(16_000).analyse(samples));
      expect(values.map(({ name }) => name)).toEqual(FUNCTIONALS.map(({ name }) => name));
      expect(values.every(({ value }) => Number.isFinite(value))).toBe(true);
    }
  });

  it('do not depend on the clip before', () => {
    const [one, two] = [1, 2].map((seed) => signal('voice', 16_000, 8000, seed));
    const analysis = new DescriptorAnalysis(16_000);
    analysis.analyse(one);
    expect(analysis.analyse(two)).toEqual(new DescriptorAnalysis(16_000).analyse(two));
  });
});
