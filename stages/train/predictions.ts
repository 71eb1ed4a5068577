import { StageFailure, type Output } from '../../runner/kind/index.ts';
import type { Dataset, Part } from './dataset.ts';

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
  close(): Promise<void>;
}

export async function openPredictions(
  output: Output,
  emotions: readonly string[],
): Promise<PredictionsWriter> {
  const classes = emotions.length;
  const writer = await output.table('predictions', {
    clip: { type: 'utf8' },
    fold: { type: 'int32' },
    part: { type: 'utf8' },
    emotionIndex: { type: 'int32' },
    predictedIndex: { type: 'int32' },
    probabilities: { type: 'tensor', shape: [classes] },
  });
  return {
    async write(fold, part, rows, dataset, probabilities) {
      if (probabilities.length !== rows.length * classes) {
        throw new RangeError(
          `${probabilities.length} probabilities for ${rows.length} rows of ${classes} classes`,
        );
      }
      for (const [position, row] of rows.entries()) {
        const clip = dataset.ids[row];
        const distribution = Float32Array.from(
          probabilities.subarray(position * classes, (position + 1) * classes),
        );
        checkProbabilities(distribution, clip);
        await writer.write(`${fold}/${part}/${clip}`, {
          clip,
          fold,
          part,
          emotionIndex: dataset.labels[row],
          predictedIndex: indexOfLargest(distribution),
          probabilities: distribution,
        });
      }
    },
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
