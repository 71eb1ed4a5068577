import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  balancedClassWeights,
  epochBatches,
  type BatchOptions,
  type Examples,
} from '../../../../stages/train/neural/batches.ts';
import type { Batch } from '../../../../stages/train/neural/trainer.ts';
import { joinSequences } from '../../../../stages/train/sequences.ts';

const classes = 3;

/** Row `i` holds `i` and `-i`. */
function examplesOf(rows: number): Examples {
  return {
    rows,
    inputs: Float32Array.from({ length: rows * 2 }, (_, i) => Math.floor(i / 2) * (i % 2 === 0 ? 1 : -1)),
    labels: Int32Array.from({ length: rows }, (_, i) => i % classes),
  };
}

const options: BatchOptions = {
  classes,
  batchSize: 4,
  classWeights: Float32Array.of(1, 2, 3),
  labelSmoothing: 0,
  mixup: 0,
  seed: 7,
};

describe('the batches of an epoch', () => {
  it('hold every row once, with its own label and weight, and never a single row', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 2, max: 20 }),
        fc.nat(20),
        (rows, size, epoch) => {
          const batches = [...epochBatches(examplesOf(rows), epoch, { ...options, batchSize: size })];
          const seen = batches.flatMap((batch) => {
            expect(batch.rows).toBeGreaterThan(1);
            expect(batch.rows).toBeLessThanOrEqual(size + 1);
            return Array.from({ length: batch.rows }, (_, i) => {
              const row = batch.inputs[i * 2];
              expect(batch.inputs[i * 2 + 1]).toBeCloseTo(-row);
              const target = [...batch.targets.subarray(i * classes, (i + 1) * classes)];
              expect(target).toEqual([0, 1, 2].map((label) => (label === row % classes ? 1 : 0)));
              expect(batch.weights[i]).toBe(1 + (row % classes));
              return row;
            });
          });
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
        },
      ),
    );
  });

  it('come in an order of each epoch’s own', () => {
    const order = (epoch: number): number[] =>
      [...epochBatches(examplesOf(40), epoch, options)].flatMap((batch) => [...batch.inputs]);
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });

  it('spread a share of the label over all emotions', () => {
    const [batch] = epochBatches(examplesOf(4), 1, { ...options, labelSmoothing: 0.3 });
    const row = [...batch.targets.subarray(0, classes)].sort((a, b) => a - b);
    expect(row[0]).toBeCloseTo(0.1);
    expect(row[1]).toBeCloseTo(0.1);
    expect(row[2]).toBeCloseTo(0.8);
  });

  it('blend inputs and targets by the same share in mixup', () => {
    // With a single class a row, inputs tell the targets: row i is (i, -i) and has the label i.
    const examples: Examples = {
      rows: 3,
      inputs: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      labels: Int32Array.of(0, 1, 2),
    };
    for (let epoch = 1; epoch <= 20; epoch++) {
      const [batch] = epochBatches(examples, epoch, { ...options, mixup: 0.5 });
      expect([...batch.inputs]).toEqual([...batch.targets]);
      for (let row = 0; row < 3; row++) {
        const sum = batch.targets.subarray(row * 3, row * 3 + 3).reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo(1, 6);
      }
    }
  });
});

describe('batches of sequences of unequal length', () => {
  /** Row `i` has one value a step, always `i`. */
  const sequencesOf = (lengths: readonly number[]): Examples => {
    const { data, offsets } = joinSequences(
      lengths.map((steps, row) => new Float32Array(steps).fill(row)),
      1,
    );
    const labels = Int32Array.from(lengths, (_, row) => row % classes);
    return { rows: lengths.length, inputs: data, offsets, labels };
  };
  const rowsOf = ({ inputs, sequences }: Batch): number[] =>
    Array.from(sequences!.offsets.subarray(0, -1), (start) => inputs[start]);

  it('hold every row once, whole, and never one alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 120 }),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        (lengths, batchSize, epoch) => {
          const batches = [...epochBatches(sequencesOf(lengths), epoch, { ...options, batchSize })];
          const seen = batches.flatMap((batch) => {
            const { offsets, steps } = batch.sequences!;
            expect(batch.rows).toBeGreaterThan(1);
            return rowsOf(batch).map((row, i) => {
              expect(offsets[i + 1] - offsets[i]).toBe(lengths[row]);
              expect(steps).toBeGreaterThanOrEqual(lengths[row]);
              expect(steps % 8).toBe(0);
              expect(batch.inputs.subarray(offsets[i], offsets[i + 1]).every((value) => value === row)).toBe(
                true,
              );
              return row;
            });
          });
          expect(seen.sort((a, b) => a - b)).toEqual([...lengths.keys()]);
        },
      ),
    );
  });

  it('are of like length, and of other rows in every epoch', () => {
    const lengths = Array.from({ length: 400 }, (_, row) => 10 + ((row * 89) % 190));
    const batchesOf = (epoch: number): Batch[] => [
      ...epochBatches(sequencesOf(lengths), epoch, { ...options, batchSize: 10 }),
    ];
    const batches = batchesOf(1);
    const padded = batches.reduce((sum, { rows, sequences }) => sum + rows * sequences!.steps, 0);
    const real = lengths.reduce((sum, steps) => sum + steps, 0);
    // At random a batch of ten would be padded to almost 200 steps each: twice what is real.
    expect(padded / real).toBeLessThan(1.25);
    const drawn = (epoch: number): string => JSON.stringify(batchesOf(epoch).map(rowsOf));
    expect(drawn(1)).toBe(drawn(1));
    expect(drawn(1)).not.toBe(drawn(2));
    // Nor do batches come from short to long.
    const steps = batches.map(({ sequences }) => sequences!.steps);
    expect(steps).not.toEqual([...steps].sort((a, b) => a - b));
  });
});

describe('balanced class weights', () => {
  it('are scikit-learn’s', () => {
    // compute_class_weight('balanced', classes=[0, 1, 2], y=[0]*6 + [1]*3 + [2]) = [0.5556, 1.1111, 3.3333]
    const labels = Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 2);
    const weights = balancedClassWeights(labels, 3);
    expect(weights[0]).toBeCloseTo(10 / 18, 6);
    expect(weights[1]).toBeCloseTo(10 / 9, 6);
    expect(weights[2]).toBeCloseTo(10 / 3, 6);
  });

  it('leave out an emotion without rows', () => {
    expect([...balancedClassWeights(Int32Array.of(0, 0, 2, 2), 3)]).toEqual([1, 0, 1]);
  });
});
