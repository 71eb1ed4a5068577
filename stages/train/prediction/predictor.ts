import {
  StageFailure,
  type Columns,
  type NewRow,
  type Predictor,
  type SequenceColumn,
  type TensorColumn,
} from '../../../runner/kind/index.ts';
import { indexOfLargest } from '../predictions.ts';
import { calibrationsOf, readPredictedParts, tempered, type FoldCalibration } from './calibration.ts';
import { joinSequences } from '../sequences.ts';
import { meanOverFolds, readSummary, type Classifier, type LoadClassifier } from './fold-models.ts';
import { writeModelCard } from './model-card.ts';

/** What the models of all folds say of some rows: by fold, rows × emotions, as in `predictions.arrow`. */
type FoldsOf = (rows: readonly NewRow[]) => Promise<readonly Float64Array[]>;

interface Definition<Params> {
  readonly inputs: readonly string[];
  /** Makes ready what gives the folds' predictions. */
  open(context: Parameters<Predictor<Params>['setup']>[0], folds: number): Promise<FoldsOf>;
}

/**
 * A predictor over the models of all folds: each is calibrated by the temperature of its validation part, then the
 * mean is taken. A new speaker was in no fold, so that none of the models is better placed than the others.
 */
export function foldsPredictor<Params>(definition: Definition<Params>): Predictor<Params> {
  return {
    type: 'predictor',
    inputs: definition.inputs,
    async setup(context) {
      const { emotions, folds, notes } = await readSummary(context.model);
      const classes = emotions.length;
      const foldsOf = await definition.open(context, folds.length);
      const parts = await readPredictedParts(context.model, folds.length, classes);
      const calibrations = await calibrationsOf(context.model, parts, classes);
      return {
        target: 'emotion',
        labels: emotions,
        columns: columnsOf(folds.length, classes),
        notes: [...notesOf(calibrations), ...(notes.some(isTransductive) ? [oneSpeaker] : [])],
        async run(rows) {
          const said = await foldsOf(rows);
          const calibrated = said.map((fold, at) => tempered(fold, classes, calibrations[at].temperature));
          const means = meanOverFolds(calibrated);
          return rows.map((_, row) => {
            const of = (values: Float64Array): Float64Array =>
              values.subarray(row * classes, (row + 1) * classes);
            return {
              probabilities: of(means),
              cells: { folds: Float32Array.from(said.flatMap((fold) => [...of(fold)])) },
              details: { folds: said.map((fold, at) => foldDetails(emotions, of(fold), calibrations[at])) },
            };
          });
        },
      };
    },
    card: writeModelCard,
  };
}

/** For models that take this one in: what each fold's model says, before calibration, [folds, emotions]. */
function columnsOf(folds: number, classes: number): Columns {
  return { folds: { type: 'tensor', shape: [folds, classes] } };
}

/** The predictor of a model of features. */
export function featuresPredictor(load: LoadClassifier): Predictor {
  return foldsPredictor({
    inputs: ['features'],
    async open({ model, columns }, folds) {
      const column = featuresColumn(columns.features[0], model.stage);
      const width = column.shape.reduce((product, size) => product * size, 1);
      const classifiers: Classifier[] = [];
      for (let fold = 0; fold < folds; fold++) classifiers.push(await load(model, fold));
      return (rows) => {
        const { data, offsets } = joinSequences(
          rows.map(({ inputs }) => inputs.features[0].cells.features as Float32Array),
          width,
        );
        return Promise.resolve(
          classifiers.map((classify) =>
            column.type === 'sequence' ? classify(data, offsets) : classify(data),
          ),
        );
      };
    },
  });
}

function featuresColumn(columns: Columns, place: string): TensorColumn | SequenceColumn {
  const column = Object.hasOwn(columns, 'features') ? columns.features : undefined;
  if (column?.type === 'tensor' || column?.type === 'sequence') return column;
  throw new StageFailure('the rows that come to it have no column `features` of tensors or sequences', {
    place,
    hint: 'let them come from the features stage that it was trained on',
  });
}

function foldDetails(
  emotions: readonly string[],
  probabilities: Float64Array,
  { temperature }: FoldCalibration,
): Readonly<Record<string, unknown>> {
  return {
    emotion: emotions[indexOfLargest(probabilities)],
    temperature,
    probabilities: Object.fromEntries(emotions.map((emotion, at) => [emotion, probabilities[at]])),
  };
}

/** So begins the note of every training that normalised by speaker. */
function isTransductive(note: string): boolean {
  return note.startsWith('Transductive');
}

const oneSpeaker =
  'It normalises by speaker: all recordings of one call are taken to be of one speaker, and judged by each other.';

function notesOf(calibrations: readonly FoldCalibration[]): string[] {
  const temperatures = calibrations
    .map(({ trained, temperature }) => (trained * temperature).toFixed(2))
    .join(', ');
  return [
    calibrations.length === 1
      ? 'By one model: the split had one fold.'
      : `The mean of ${calibrations.length} models, one a fold of the split; no new speaker is known to any of them.`,
    calibrations.every(({ fitted }) => fitted)
      ? `Calibrated on the validation part of each fold, temperature ${temperatures}.`
      : 'Not calibrated: the split has no validation part of its own.',
  ];
}
