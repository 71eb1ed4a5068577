import { describe, expect, it } from '@jest/globals';
import { digestOfSources } from '../../../scripts/build-kernels.mjs';
import { SOURCE_DIGEST } from '../../../stages/audio/kernels/binary.ts';
import { Kernels } from '../../../stages/audio/kernels/kernels.ts';
import { greatestDifference } from './distance.ts';
import { signal } from './signals.ts';

describe('the kernels', () => {
  it('are built from the sources that are here (else run scripts/build-kernels.mjs)', () => {
    expect(SOURCE_DIGEST).toBe(digestOfSources());
  });

  it('give scratch space back, and keep tables apart from it', () => {
    const memory = new Kernels();
    const first = memory.within((allocate) => allocate(100));
    const second = memory.within((allocate) => {
      const outer = allocate(10);
      const inner = memory.within((allocateInner) => allocateInner(10));
      expect(inner).toBeGreaterThanOrEqual(outer + 10);
      expect(() => memory.reserve(8)).toThrow('outside');
      return outer;
    });
    expect(second).toBe(first);
    const table = memory.reserveFloats(Float32Array.of(1, 2, 3));
    memory.within((allocate) => memory.floats(allocate(5_000_000), 1_250_000).fill(7));
    expect(Array.from(memory.floats(table, 3))).toEqual([1, 2, 3]);
  });

  it('compute decibels to a unit in the last place or so, with librosa’s floor and range', () => {
    const memory = new Kernels();
    const powers = Float32Array.from({ length: 4000 }, (_, n) => 10 ** ((n * 7.9) / 4000 - 2));
    powers[17] = 0;
    memory.within((allocate) => {
      const pointer = allocate(4 * powers.length);
      memory.floats(pointer, powers.length).set(powers);
      const greatest = memory.call.decibels(pointer, powers.length / 4, 0);
      expect(greatest).toBe(powers.at(-1));
      const top = 10 * Math.log10(greatest);
      const expected = powers.map((power) => Math.max(top - 80, 10 * Math.log10(Math.max(1e-10, power))));
      expect(greatestDifference(memory.floats(pointer, powers.length), expected)).toBeLessThan(1e-5);
    });
  });

  it.each([1, 3, 4, 511, 512, 513, 1537])('pass over %i samples whole', (count) => {
    const memory = new Kernels();
    const samples = signal('noise', 16_000, count, count);
    memory.within((allocate) => {
      const pointer = allocate(4 * count);
      const energies = allocate(8 * Math.ceil(count / 512));
      memory.floats(pointer, count).set(samples);
      memory.call.hop_energies(pointer, count, 512, energies);
      const sums = new Float64Array(Math.ceil(count / 512));
      samples.forEach((value, n) => (sums[Math.floor(n / 512)] += value * value));
      expect(greatestDifference(memory.doubles(energies, sums.length), sums)).toBeLessThan(1e-10);
      const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(memory.call.peak(pointer, count)).toBe(peak);
      expect(memory.call.all_finite(pointer, count)).toBe(1);
      memory.call.divide(pointer, count, peak);
      expect(memory.floats(pointer, count)).toEqual(samples.map((value) => value / peak));
      memory.floats(pointer, count)[count - 1] = Number.POSITIVE_INFINITY;
      expect(memory.call.all_finite(pointer, count)).toBe(0);
    });
  });
});
