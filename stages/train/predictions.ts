import { StageFailure, type Output } from '../../runner/kind/index.ts';
import type { Dataset, Part } from './dataset.ts';
import { validationFigures, type ValidationFigures } from './validation.ts';

/** Writes `predictions.arrow`: one row for each clip of each part of each fold. */
export interface PredictionsWriter {
  /**
   * `probabilities`: rows × emotions, row-major, in the order of `rows`. Call it for all three parts of a fold,
   * the validation part too where it is the test part.
   */
  write(
    fold: number,
    part: Part,
    rows: Int32Array,
    dataset: Pick<Dataset, 'ids' | 'labels'>,
    probabilities: Float32Array | Float64Array,
  ): Promise<void>;
  /** Of what was written for a fold; null where the split has no validation part of its own, or none in that fold. */
  validation(fold: number): ValidationFigures | null;
  close(): Promise<void>;
}

export async function openPredictions(
  output: Output,
  dataset: Pick<Dataset, 'emotions' | 'validation'>,
): Promise<PredictionsWriter> {
  const classes = dataset.emotions.length;
  const validations = new Map<number, ValidationFigures | null>();
  const writer = await output.table('predictions', {
    clip: { type: 'utf8' },
    fold: { type: 'int32' },
    part: { type: 'utf8' },
    emotionIndex: { type: 'int32' },
    predictedIndex: { type: 'int32' },
    probabilities: { type: 'tensor', shape: [classes] },
  });
  return {
    async write(fold, part, rows, { ids, labels }, probabilities) {
      if (probabilities.length !== rows.length * classes) {
        throw new RangeError(
          `${probabilities.length} probabilities for ${rows.length} rows of ${classes} classes`,
        );
      }
      const answers: number[] = [];
      for (const [position, row] of rows.entries()) {
        const clip = ids[row];
        const distribution = Float32Array.from(
          probabilities.subarray(position * classes, (position + 1) * classes),
        );
        checkProbabilities(distribution, clip);
        const predictedIndex = indexOfLargest(distribution);
        answers.push(predictedIndex);
        await writer.write(`${fold}/${part}/${clip}`, {
          clip,
          fold,
          part,
          emotionIndex: labels[row],
          predictedIndex,
          probabilities: distribution,
        });
      }
      if (part === 'validation' && dataset.validation === 'own') {
        const truth = rows.map((row) => labels[row]);
        // As they stand in the table, so that its readers find the same figures.
        const written = Float32Array.from(probabilities);
        validations.set(fold, validationFigures(truth, answers, written, classes));
      }
    },
    validation: (fold) => validations.get(fold) ?? null,
    close: () => writer.close(),
  };
}

/** The place of the largest value; of several equal ones the first, as numpy's argmax. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[largest]) largest = i;
  }
  return largest;
}

function checkProbabilities(distribution: Float32Array, clip: string): void {
  if (distribution.every((value) => Number.isFinite(value))) return;
  throw new StageFailure('the model gives NaN as a probability', {
    place: clip,
    hint: 'the training diverged: try a smaller learning rate, or standardise the features',
  });
}
