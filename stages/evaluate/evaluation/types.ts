import type { ClassScores, Interval, ReliabilityBin } from '../../metrics/index.ts';
import type { FoldSummary, LayerSummary } from '../../train/summary.ts';
import type { ValidationFigures } from '../../train/validation.ts';

/** Everything that the reports say, computed once; what renders it adds no figure of its own. */
export interface Evaluation {
  readonly title: string;
  /** Paragraphs on all models together, written from the figures below. */
  readonly summary: readonly string[];
  /** In the order in which file names number them; every list of classes follows it. */
  readonly emotions: readonly string[];
  readonly dataset: DatasetFigures;
  readonly split: SplitFigures;
  readonly protocol: readonly Statement[];
  readonly models: readonly ModelEvaluation[];
  readonly choice: Choice;
  readonly comparisons: readonly ModelComparison[];
  /** The clips of the most confident mistakes of any model, with what every model answered. */
  readonly hardClips: readonly HardClip[];
  /** One clip an emotion, to look at and listen to. */
  readonly examples: readonly ClipName[];
  readonly published: readonly PublishedResult[];
  /** Accuracy of always naming the emotion that is commonest in the test part. */
  readonly chance: number;
  /** Level of every interval, such as 0.95. */
  readonly confidence: number;
}

export interface DatasetFigures {
  readonly files: number;
  readonly speakers: readonly string[];
  /** Clips by emotion. */
  readonly counts: readonly number[];
  /** As recorded; null where no recordings are given. */
  readonly durations: DurationFigures | null;
  /** After preprocessing. */
  readonly processedDurations: DurationFigures | null;
}

/** In seconds. */
export interface DurationFigures {
  readonly all: readonly number[];
  readonly total: number;
  readonly meanByEmotion: readonly number[];
}

export interface SplitFigures {
  readonly kind: string;
  readonly folds: number;
  readonly seed: number;
  readonly validation: 'own' | 'test';
  readonly sizes: readonly FoldSizes[];
}

export interface FoldSizes {
  readonly name: string;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly unused: number;
  readonly testSpeakers: number;
  /** Speakers of the test part that the model was trained on or steered by as well. */
  readonly sharedSpeakers: number;
}

/** One sentence of the protocol. `caution`: it makes the figures look better than they are. */
export interface Statement {
  readonly tone: 'caution' | 'sound' | 'note';
  readonly text: string;
}

export interface ClassFigures extends ClassScores {
  readonly emotion: string;
}

/** One model on one set of features. Test figures are of all folds' test parts together. */
export interface ModelEvaluation {
  /** Unique and fit for file names and anchors, e.g. `cnn-mfcc`. */
  readonly slug: string;
  /** Unique and fit for people, e.g. `cnn on mfcc`. */
  readonly label: string;
  /** The instance that trained it. */
  readonly stage: string;
  readonly model: string;
  readonly features: string;
  readonly layers: readonly LayerSummary[];
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** What computed it, e.g. `TensorFlow 2.18.1`; null where it is this repository's own code. */
  readonly library: string | null;
  readonly notes: readonly string[];
  readonly cautions: readonly string[];
  readonly folds: readonly FoldSummary[];
  /** Epochs of a fold's fit: the mean over the folds, rounded; 0 for a model without epochs. */
  readonly epochs: number;
  /** Of a forest: mean over the folds of its accuracy on training rows by the trees that did not see them. */
  readonly outOfBagAccuracy: number | null;
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  readonly foldAccuracies: readonly number[];
  /** Standard deviation of `foldAccuracies`, with n − 1 in the denominator; 0 for one fold. */
  readonly testAccuracyStd: number;
  readonly testAccuracyInterval: Interval | null;
  readonly uar: number;
  readonly uarInterval: Interval | null;
  readonly macroF1Interval: Interval | null;
  /** Of all folds' validation parts together; null where the split has none of its own. */
  readonly validation: ValidationFigures | null;
  readonly classes: readonly ClassFigures[];
  readonly macro: ClassScores;
  readonly weighted: ClassScores;
  /** `confusion[truth][predicted]`, in clips. */
  readonly confusion: readonly (readonly number[])[];
  readonly speakers: readonly SpeakerFigures[];
  readonly calibration: Calibration;
  readonly mistakes: readonly Mistake[];
  /** Paragraphs written from the figures above. */
  readonly analysis: readonly string[];
}

export interface SpeakerFigures {
  readonly speaker: string;
  readonly files: number;
  readonly correct: number;
  readonly accuracy: number;
}

export interface Calibration {
  /** Expected calibration error: mean gap between confidence and accuracy, weighted by the bins' clips. */
  readonly ece: number;
  readonly meanConfidence: number;
  /** Only bins that hold clips. */
  readonly bins: readonly ReliabilityBin[];
}

/** A test clip that a model got wrong. */
export interface Mistake {
  readonly clip: string;
  readonly speaker: string;
  readonly emotion: string;
  readonly predicted: string;
  /** Probability of the emotion that the model named. */
  readonly confidence: number;
  /** Probability of the true emotion. */
  readonly probabilityOfTruth: number;
  readonly probabilities: readonly number[];
}

export interface ClipName {
  readonly clip: string;
  readonly speaker: string;
  readonly emotion: string;
}

export interface HardClip extends ClipName {
  readonly answers: readonly {
    readonly model: string;
    readonly predicted: string;
    readonly probabilities: readonly number[];
  }[];
}

/** Two models on the same test clips, each clip counted once, with speakers as the independent units. */
export interface ModelComparison {
  /** Slugs. */
  readonly first: string;
  readonly second: string;
  /** The instances that trained them. */
  readonly stages: readonly [first: string, second: string];
  readonly clips: number;
  /** How many independent units these clips are of, and what they are. */
  readonly units: number;
  readonly unit: 'speaker' | 'clip';
  /** The accuracy of the first minus that of the second, repetitions averaged within each clip. */
  readonly difference: number;
  readonly interval: Interval | null;
  /** Two-sided, of this pair alone; null where there are too few units. */
  readonly p: number | null;
  /** Corrected by Holm for all pairs. */
  readonly pHolm: number | null;
  /** The least that p can be with as many units. */
  readonly smallestP: number | null;
  /** How p was found. */
  readonly method: string;
  /** Why there is no p. */
  readonly reason: string | null;
}

/** Which model is to be taken, and what that was decided by. */
export interface Choice {
  /** `test`: by the figures that are reported, which flatters those of the first. */
  readonly by: 'validation' | 'test';
  /** Slugs, best first. */
  readonly order: readonly string[];
  /** What choosing by validation figures gives; null for one model, and where there are none. */
  readonly nested: NestedChoice | null;
}

/** The model of each fold's choice on the test part of that fold, all folds together. */
export interface NestedChoice {
  readonly testAccuracy: number;
  readonly uar: number;
  readonly macroF1: number;
  /** Which instance each fold chose. */
  readonly stages: readonly string[];
}

/** Figures from the literature, shown beside the model they belong to. */
export interface PublishedResult {
  readonly model: string;
  readonly features: string | undefined;
  readonly source: string;
  readonly trainAccuracy: number | undefined;
  readonly testAccuracy: number;
  readonly macroF1: number | undefined;
}
