import { z } from 'zod';
import { StageFailure, type InputArtifact } from '../../../runner/kind/index.ts';
import { parts as splitParts, type Part } from '../../train/dataset.ts';
import { leftOutClip } from '../../train/left-out.ts';
import type { ModelSummary } from '../../train/summary.ts';
import type { Split } from './split.ts';

/** What a model said of one clip, which lay in one part of one fold. */
export interface Prediction {
  readonly clip: string;
  readonly fold: number;
  readonly emotionIndex: number;
  readonly predictedIndex: number;
  /** One an emotion, in the split's order. */
  readonly probabilities: Float32Array;
}

/** One trained model: what it says of itself and all it predicted. */
export interface Training {
  /** The instance that trained it, e.g. `train[cnn,mfcc]`. */
  readonly stage: string;
  readonly summary: ModelSummary;
  readonly train: readonly Prediction[];
  /** Empty where the split has no validation part of its own. */
  readonly validation: readonly Prediction[];
  readonly test: readonly Prediction[];
}

const figure = z.number();

const summarySchema: z.ZodType<ModelSummary> = z.object({
  model: z.string(),
  features: z.string(),
  emotions: z.array(z.string()),
  layers: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      outputShape: z.array(figure.nullable()),
      parameters: figure,
    }),
  ),
  parameters: z.object({ total: figure, trainable: figure }),
  hyperparameters: z.record(z.string(), z.unknown()),
  library: z.string().exactOptional(),
  folds: z.array(
    z.object({
      fold: z.int(),
      seed: figure,
      epochs: z.int(),
      bestEpoch: z.int().nullable(),
      history: z.array(
        z.object({
          epoch: z.int(),
          loss: figure,
          accuracy: figure,
          validationLoss: figure,
          validationAccuracy: figure,
          learningRate: figure,
        }),
      ),
      outOfBagAccuracy: figure.exactOptional(),
      validation: z
        .object({ clips: z.int(), accuracy: figure, uar: figure, macroF1: figure, loss: figure })
        .nullable()
        .exactOptional(),
    }),
  ),
  notes: z.array(z.string()),
  cautions: z.array(z.string()).exactOptional(),
  leftOut: z.array(leftOutClip).exactOptional(),
});

/**
 * Reads the artifact of a training. Throws StageFailure where it is none, or where it was trained on other
 * emotions or clips than `split` holds: figures of different splits must not stand in one table.
 */
export async function readTraining(artifact: InputArtifact, split: Split): Promise<Training> {
  const summary = await readSummary(artifact);
  if (summary.emotions.join('\n') !== split.emotions.join('\n')) {
    throw new StageFailure(
      `it knows the emotions ${summary.emotions.join(', ')}, the split ${split.stage} ${split.emotions.join(', ')}`,
      { place: artifact.stage, hint: 'connect evaluate to the split that the models were trained on' },
    );
  }
  const { train, validation, test } = await readPredictions(artifact);
  checkTestClips(test, artifact.stage, split, new Set(summary.leftOut?.map(({ name }) => name)));
  // Where the test part validates as well, its predictions stand there twice.
  const own = split.validation === 'own' ? validation : [];
  return { stage: artifact.stage, summary, train, validation: own, test };
}

async function readSummary(artifact: InputArtifact): Promise<ModelSummary> {
  if (!artifact.files.includes('summary.json')) {
    throw new StageFailure('it holds no summary.json, so it is no trained model', {
      place: artifact.stage,
      hint: 'let the input `models` name stages whose kind trains, e.g. train[*]',
    });
  }
  const parsed = summarySchema.safeParse(await artifact.json('summary.json'));
  if (parsed.success) return parsed.data;
  throw new StageFailure(`summary.json: ${z.prettifyError(parsed.error)}`, {
    place: artifact.stage,
    hint: 'its shape is ModelSummary in stages/train/summary.ts',
  });
}

async function readPredictions(artifact: InputArtifact): Promise<Record<Part, Prediction[]>> {
  const table = await artifact.table('predictions');
  const clips = table.text('clip');
  const parts = table.text('part');
  const folds = table.numbers('fold');
  const truth = table.numbers('emotionIndex');
  const predicted = table.numbers('predictedIndex');
  const { data, shape } = table.tensor('probabilities');
  const classes = shape[0];
  const read: Record<Part, Prediction[]> = { train: [], validation: [], test: [] };
  for (let row = 0; row < table.count; row++) {
    read[partOf(parts[row], artifact.stage)].push({
      clip: clips[row],
      fold: folds[row],
      emotionIndex: truth[row],
      predictedIndex: predicted[row],
      probabilities: data.subarray(row * classes, (row + 1) * classes),
    });
  }
  return read;
}

function partOf(text: string, stage: string): Part {
  const part = splitParts.find((name) => name === text);
  if (part !== undefined) return part;
  throw new StageFailure(`${text} is not a part of a split`, {
    place: `predictions.arrow of ${stage}`,
    hint: `the column part holds ${splitParts.join(', ')}`,
  });
}

function checkTestClips(
  test: readonly Prediction[],
  stage: string,
  split: Split,
  leftOut: ReadonlySet<string>,
): void {
  const expected = new Set<string>();
  for (const clip of split.clips) {
    if (leftOut.has(clip.id)) continue;
    for (const [fold, role] of clip.roles.entries()) {
      if (role === 'test') expected.add(`${fold}/${clip.id}`);
    }
  }
  const predicted = new Set(test.map((prediction) => `${prediction.fold}/${prediction.clip}`));
  const missing = [...expected].filter((key) => !predicted.has(key));
  const surplus = [...predicted].filter((key) => !expected.has(key));
  if (missing.length === 0 && surplus.length === 0) return;
  throw new StageFailure(
    `its test predictions are not those of the split ${split.stage}: ${missing.length} missing, ` +
      `${surplus.length} too many, such as ${missing[0] ?? surplus[0]} (fold/clip)`,
    { place: stage, hint: 'connect evaluate to the split that the models were trained on' },
  );
}
