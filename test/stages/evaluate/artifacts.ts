import type { InputArtifact, Row } from '../../../runner/kind/index.ts';
import type { EpochRecord, ModelSummary } from '../../../stages/train/summary.ts';
import { memoryArtifact } from './memory.ts';

export interface Clip {
  readonly id: string;
  readonly emotion: string;
  readonly speaker: string;
  /** Part in each fold. */
  readonly roles: readonly ('train' | 'validation' | 'test' | 'unused')[];
}

export interface SplitOptions {
  readonly emotions: readonly string[];
  readonly kind?: string;
  readonly validation?: 'own' | 'test';
  readonly foldNames?: readonly string[];
  readonly notes?: readonly string[];
}

/** What a split stage hands on. */
export function splitArtifact(clips: readonly Clip[], options: SplitOptions): InputArtifact {
  const folds = clips[0].roles.length;
  const { emotions, kind = 'random', validation = 'own', notes = [] } = options;
  const foldNames = options.foldNames ?? Array.from({ length: folds }, (_, fold) => `fold ${fold + 1}`);
  const text = { type: 'utf8' } as const;
  const columns = {
    emotion: text,
    emotionIndex: { type: 'int32' },
    speaker: text,
    ...Object.fromEntries(Array.from({ length: folds }, (_, fold) => [`fold${fold}`, text])),
  } as const;
  const rows = clips.map((clip): Row => ({
    id: clip.id,
    cells: {
      emotion: clip.emotion,
      emotionIndex: emotions.indexOf(clip.emotion),
      speaker: clip.speaker,
      ...Object.fromEntries(clip.roles.map((role, fold) => [`fold${fold}`, role])),
    },
  }));
  return memoryArtifact('split', {
    json: { 'split.json': { kind, folds, seed: 42, validation, emotions, foldNames, notes } },
    tables: { table: { columns, rows } },
  });
}

type Part = 'train' | 'validation' | 'test';

/** What a model says of a clip: a probability for each emotion. */
export type Answer = (clip: Clip, fold: number, part: Part) => readonly number[];

/** What a training hands on: predictions for every part of every fold; those for validation last. */
export function trainingArtifact(
  stage: string,
  clips: readonly Clip[],
  answer: Answer,
  summary: Partial<ModelSummary> & { readonly emotions: readonly string[] },
  measurements: Readonly<Record<string, number>> = { fitSeconds: 12.5 },
): InputArtifact {
  const folds = clips[0].roles.length;
  const whole: ModelSummary = {
    model: 'cnn',
    features: 'mfcc',
    layers: [],
    parameters: { total: 0, trainable: 0 },
    hyperparameters: {},
    folds: Array.from({ length: folds }, (_, fold) => ({
      fold,
      seed: 42,
      epochs: 0,
      bestEpoch: null,
      history: [],
    })),
    notes: [],
    ...summary,
  };
  const rows: Row[] = [];
  const asked = (parts: readonly Part[]): void => {
    for (let fold = 0; fold < folds; fold++) for (const part of parts) ask(fold, part);
  };
  const ask = (fold: number, part: Part): void => {
    for (const clip of clips) {
      if (clip.roles[fold] !== part) continue;
      const probabilities = Float32Array.from(answer(clip, fold, part));
      rows.push({
        id: `${fold}/${part}/${clip.id}`,
        cells: {
          clip: clip.id,
          fold,
          part,
          emotionIndex: whole.emotions.indexOf(clip.emotion),
          predictedIndex: probabilities.indexOf(Math.max(...probabilities)),
          probabilities,
        },
      });
    }
  };
  asked(['train', 'test']);
  asked(['validation']);
  return memoryArtifact(stage, {
    json: { 'summary.json': whole },
    tables: {
      predictions: {
        columns: {
          clip: { type: 'utf8' },
          fold: { type: 'int32' },
          part: { type: 'utf8' },
          emotionIndex: { type: 'int32' },
          predictedIndex: { type: 'int32' },
          probabilities: { type: 'tensor', shape: [whole.emotions.length] },
        },
        rows,
      },
    },
    measurements,
  });
}

/** `confidence` for one emotion, the rest shared evenly among the others. */
export function sure(emotions: readonly string[], emotion: string, confidence: number): number[] {
  const rest = (1 - confidence) / (emotions.length - 1);
  return emotions.map((each) => (each === emotion ? confidence : rest));
}

/** A training's curves: losses that fall, with the lowest validation loss at `best`. */
export function history(epochs: number, best: number, reached: number): EpochRecord[] {
  return Array.from({ length: epochs }, (_, index) => {
    const epoch = index + 1;
    const learned = 1 - Math.exp(-epoch / (epochs / 3));
    return {
      epoch,
      loss: 0.4 * (1 - 0.9 * learned * reached),
      accuracy: 0.12 + (reached - 0.12) * learned,
      validationLoss: 0.4 * (1 - 0.6 * learned * reached) + 0.004 * Math.max(0, epoch - best),
      validationAccuracy: 0.12 + (reached * 0.75 - 0.12) * learned + 0.02 * Math.sin(epoch),
      learningRate: epoch > best ? 5e-4 : 1e-3,
    };
  });
}
