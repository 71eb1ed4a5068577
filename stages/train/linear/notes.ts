import type { Dataset } from '../dataset.ts';
import type { LinearParams } from './params.ts';

/** What a reader of the results must know, as far as it follows from the data and the params. */
export function notesOf(
  { shape, validation, folds }: Pick<Dataset, 'shape' | 'validation' | 'folds'>,
  params: LinearParams,
  temperatures: readonly number[],
): string[] {
  const calibrated = validation === 'own' && folds.every((fold) => fold.validation.length > 0);
  return [
    ...(params.normalizeBySpeaker
      ? [
          'Transductive: the clips of each speaker were standardised by all of that speaker’s clips, test speakers ' +
            'included (never by their labels). Compare only with results that do so too.',
        ]
      : []),
    ...(params.standardize || params.normalizeBySpeaker ? [] : ['The features were not standardised.']),
    ...(shape.length > 1 ? [`Sequences of ${shape.join(' × ')} were flattened.`] : []),
    calibrated
      ? `Calibrated on the validation part, temperature ${list(temperatures)}.`
      : 'The probabilities are not calibrated: the split has no validation part of its own.',
    ...(params.refit && calibrated
      ? ['Fitted again on training and validation part together, once the temperature was found.']
      : []),
  ];
}

/** The temperatures of the folds, or their range. */
function list(temperatures: readonly number[]): string {
  const shown = (value: number): string => value.toFixed(2);
  const [least, most] = [shown(Math.min(...temperatures)), shown(Math.max(...temperatures))];
  return least === most ? least : `${least} to ${most} over the folds`;
}
