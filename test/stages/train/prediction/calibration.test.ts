import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectedCalibrationError } from '../../../../stages/metrics/index.ts';
import { openPredictions } from '../../../../stages/train/predictions.ts';
import {
  calibrationsOf,
  readPredictedParts,
  tempered,
} from '../../../../stages/train/prediction/calibration.ts';
import { MemoryArtifact } from '../memory-artifacts.ts';

const emotions = ['calm', 'happy', 'sad'];
const classes = emotions.length;

/** Clips of which two in three are recognised, always with 98 % confidence. */
function overconfident(count: number, first: number) {
  const ids = Array.from({ length: count }, (_, row) => `clip ${first + row}`);
  const labels = Int32Array.from(ids, (_, row) => row % classes);
  const probabilities = Float32Array.from(
    ids.flatMap((_, row) => {
      const said = (labels[row] + (row % 9 < 3 ? 1 : 0)) % classes;
      return emotions.map((_, index) => (index === said ? 0.98 : 0.01));
    }),
  );
  return { rows: Int32Array.from(ids.keys()), dataset: { ids, labels }, probabilities };
}

async function predictions({ sameClips = false } = {}): Promise<MemoryArtifact> {
  const artifact = new MemoryArtifact('train[forest]');
  const writer = await openPredictions(artifact, { emotions, validation: 'own' });
  const parts = { train: 0, validation: 100, test: sameClips ? 100 : 200 } as const;
  for (const [part, first] of Object.entries(parts)) {
    const { rows, dataset, probabilities } = overconfident(90, first);
    await writer.write(0, part as keyof typeof parts, rows, dataset, probabilities);
  }
  await writer.close();
  return artifact;
}

describe('calibrationsOf', () => {
  it('fits on the validation part what makes the test part honest', async () => {
    const model = await (await predictions()).asInput();
    const parts = await readPredictedParts(model, 1, classes);
    const [{ temperature, trained, fitted }] = await calibrationsOf(model, parts, classes);
    expect({ trained, fitted }).toEqual({ trained: 1, fitted: true });
    const { labels, probabilities } = parts[0].test;
    const errorWith = (by: number): number =>
      expectedCalibrationError(tempered(probabilities, classes, by), labels, classes);
    expect(errorWith(1)).toBeCloseTo(0.98 - 2 / 3, 6);
    expect(errorWith(temperature)).toBeLessThan(0.001);
  });

  it('fits nothing where the test part is the validation part too', async () => {
    const model = await (await predictions({ sameClips: true })).asInput();
    const parts = await readPredictedParts(model, 1, classes);
    expect(await calibrationsOf(model, parts, classes)).toEqual([
      { trained: 1, temperature: 1, fitted: false },
    ]);
  });

  it('knows the temperature that was fitted in training', async () => {
    const artifact = await predictions();
    await artifact.json('models/fold0/classifier.json', { temperature: 1.5 });
    const model = await artifact.asInput();
    const parts = await readPredictedParts(model, 1, classes);
    expect((await calibrationsOf(model, parts, classes))[0].trained).toBe(1.5);
  });
});

describe('tempered', () => {
  const distributions = fc
    .array(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
    })
    .map((rows) =>
      Float64Array.from(
        rows.flatMap((row) => {
          const sum = row.reduce((a, b) => a + b);
          return row.map((value) => value / sum);
        }),
      ),
    );

  it('keeps the order of the emotions and the sum, and is undone by the inverse', () => {
    fc.assert(
      fc.property(
        distributions,
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        (probabilities, temperature) => {
          const changed = tempered(probabilities, classes, temperature);
          const back = tempered(changed, classes, 1 / temperature);
          for (let start = 0; start < changed.length; start += classes) {
            const [before, after] = [probabilities, changed].map((of) => [
              ...of.subarray(start, start + classes),
            ]);
            expect(after.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
            expect(before[after.indexOf(Math.max(...after))]).toBeCloseTo(Math.max(...before), 9);
          }
          // Below a millionth a probability counts as a millionth, which a small temperature may reach.
          if (Math.min(...changed) > 1e-6) {
            probabilities.forEach((value, at) => {
              expect(back[at]).toBeCloseTo(value, 9);
            });
          }
        },
      ),
    );
  });

  it('leaves the bits alone at temperature 1', () => {
    const probabilities = Float64Array.of(1, 0, 0);
    expect(tempered(probabilities, classes, 1)).toBe(probabilities);
  });
});
