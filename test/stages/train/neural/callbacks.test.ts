import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  earlyStopping,
  earlyStoppingStart,
  plateauStart,
  reduceOnPlateau,
} from '../../../../stages/train/neural/callbacks.ts';

interface Trace {
  readonly validationLosses: number[];
  readonly stoppingPatience: number;
  readonly plateau: { learningRate: number; factor: number; patience: number; minLearningRate: number };
  readonly epochs: number;
  readonly restoredEpoch: number;
  readonly learningRates: number[];
}

const traces = JSON.parse(readFileSync('test/fixtures/keras/callbacks.json', 'utf8')) as Trace[];

/** The epochs run, the epoch kept and the rate of each epoch. */
function replay({ validationLosses, stoppingPatience, plateau }: Omit<Trace, 'epochs' | 'learningRates'>) {
  let stopping = earlyStoppingStart;
  let rate = plateauStart(plateau.learningRate);
  const learningRates: number[] = [];
  for (const [index, loss] of validationLosses.entries()) {
    learningRates.push(rate.learningRate);
    stopping = earlyStopping(stopping, index + 1, loss, stoppingPatience);
    rate = reduceOnPlateau(rate, loss, plateau);
    if (stopping.stopped) break;
  }
  return { learningRates, restoredEpoch: stopping.bestEpoch };
}

describe('the callbacks', () => {
  it.each(traces.map((trace, index) => [index, trace] as const))(
    'stop, keep and reduce as Keras does: trace %i',
    (_, trace) => {
      const { learningRates, restoredEpoch } = replay(trace);
      expect(learningRates).toHaveLength(trace.epochs);
      expect(restoredEpoch).toBe(trace.restoredEpoch);
      for (const [i, rate] of learningRates.entries()) {
        expect(rate).toBe(Math.fround(trace.learningRates[i]));
      }
    },
  );

  it('are tried by traces that stop early and that reduce the rate more than once', () => {
    expect(traces.some((trace) => trace.epochs < trace.validationLosses.length)).toBe(true);
    expect(traces.some((trace) => new Set(trace.learningRates).size > 2)).toBe(true);
  });

  it('keep the first of the lowest losses and never raise the rate', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 }), (losses) => {
        const plateau = { learningRate: 0.01, factor: 0.5, patience: 3, minLearningRate: 1e-4 };
        const { learningRates, restoredEpoch } = replay({
          validationLosses: losses,
          stoppingPatience: 4,
          plateau,
          restoredEpoch: 0,
        });
        const seen = losses.slice(0, learningRates.length);
        expect(restoredEpoch).toBe(seen.indexOf(Math.min(...seen)) + 1);
        for (let i = 1; i < learningRates.length; i++) {
          expect(learningRates[i]).toBeLessThanOrEqual(learningRates[i - 1]);
          expect(learningRates[i]).toBeGreaterThanOrEqual(Math.fround(1e-4));
        }
      }),
    );
  });

  it('only note the best epoch where there is no patience', () => {
    let state = earlyStoppingStart;
    for (let epoch = 1; epoch <= 100; epoch++) {
      state = earlyStopping(state, epoch, Math.abs(epoch - 3), null);
      expect(state.stopped).toBe(false);
    }
    expect(state.bestEpoch).toBe(3);
  });
});
