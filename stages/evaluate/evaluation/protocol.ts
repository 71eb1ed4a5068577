import { count, counted, list, percent, points } from '../text/format.ts';
import type { Split, SplitClip } from '../inputs/split.ts';
import type { LeftOutClip } from '../../train/left-out.ts';
import type { UnusedEmotion } from '../inputs/used-emotions.ts';
import { tooFew } from './comparisons.ts';
import { fewestUnits, type Tested } from './tested.ts';
import type { Choice, FoldSizes, Statement } from './types.ts';

/** Below this many test predictions the protocol says what one of them is worth. */
const fewTestClips = 200;

/** Clips left out that the protocol names. */
const leftOutNamed = 20;

/** The parts of every fold in numbers. */
export function foldSizes(split: Split): FoldSizes[] {
  return Array.from({ length: split.folds }, (_, fold) => {
    const of = (role: string): SplitClip[] => split.clips.filter((clip) => clip.roles[fold] === role);
    const heard = new Set([...of('train'), ...of('validation')].map((clip) => clip.speaker));
    const tested = new Set(of('test').map((clip) => clip.speaker));
    return {
      name: split.foldNames[fold] ?? `fold ${fold}`,
      train: of('train').length,
      validation: of('validation').length,
      test: of('test').length,
      unused: of('unused').length,
      testSpeakers: tested.size,
      sharedSpeakers: [...tested].filter((speaker) => heard.has(speaker)).length,
    };
  });
}

/** What a reader must know to judge the figures: how the parts were cut, and what flatters the models. */
export function protocolOf(
  split: Split,
  sizes: readonly FoldSizes[],
  remarks: {
    readonly models: readonly Remarked[];
    readonly notes: readonly string[];
    readonly unused: readonly UnusedEmotion[];
    readonly checkedScalers: number;
    readonly tested: Tested;
    readonly choice: Choice;
    readonly leftOut: readonly LeftOutClip[];
  },
): Statement[] {
  const statements: Statement[] = [
    { tone: 'note', text: howCut(split, sizes) },
    ...split.cautions.map((text): Statement => ({ tone: 'caution', text })),
    speakersShared(sizes),
    validation(split, sizes),
    ...chosen(remarks.choice),
    ...spread(sizes, remarks.tested),
    independence(remarks.tested),
    ...modelRemarks(remarks.models, 'cautions'),
    ...scalers(remarks.checkedScalers),
    ...leftOutClips(remarks.leftOut),
    ...absentEmotions(split),
    ...unusedEmotions(remarks.unused),
    ...split.notes.map(note),
    ...modelRemarks(remarks.models, 'notes'),
    ...remarks.notes.map(note),
  ];
  // What is right with a split that is to be read with caution is said, and not called sound.
  return split.cautions.length === 0
    ? statements
    : statements.map(({ tone, text }) => ({ tone: tone === 'sound' ? 'note' : tone, text }));
}

function howCut(split: Split, sizes: readonly FoldSizes[]): string {
  const how =
    split.kind === 'speaker' ? 'by speaker' : split.kind === 'random' ? 'at random' : `by “${split.kind}”`;
  if (sizes.length === 1) {
    const [{ train, validation: held, test, unused }] = sizes;
    const parts = [
      counted(train, 'clip') + ' to train on',
      ...(held > 0 ? [`${count(held)} for validation`] : []),
      `${count(test)} to test on`,
      ...(unused > 0 ? [`${count(unused)} left out of all parts`] : []),
    ];
    return `The clips were split ${how} (seed ${split.seed}): ${list(parts)}.`;
  }
  const tests = sizes.map((fold) => fold.test);
  const total = tests.reduce((sum, size) => sum + size, 0);
  const [smallest, largest] = [Math.min(...tests), Math.max(...tests)];
  const each = smallest === largest ? count(smallest) : `${count(smallest)} to ${count(largest)}`;
  return (
    `The clips were split ${how} into ${sizes.length} folds (seed ${split.seed}); each model was trained once a fold and ` +
    `tested on the ${each} clips held out there. Test figures take all ${counted(total, 'test prediction')} together.`
  );
}

function speakersShared(sizes: readonly FoldSizes[]): Statement {
  const tested = sum(sizes, (fold) => fold.testSpeakers);
  const shared = sum(sizes, (fold) => fold.sharedSpeakers);
  if (shared === 0) {
    return {
      tone: 'sound',
      text: 'No speaker of a test part is heard in training or validation, so the figures hold for voices that are new to the model.',
    };
  }
  const who =
    shared === tested
      ? sizes.length === 1
        ? `All ${counted(tested, 'speaker')} of the test part are`
        : 'All speakers of the test parts are'
      : `${count(shared)} of the ${counted(tested, 'test speaker')} are`;
  return {
    tone: 'caution',
    text: `${who} heard in training as well, so the figures say how well the models do on voices that they know. Expect less of new voices.`,
  };
}

function validation(split: Split, sizes: readonly FoldSizes[]): Statement {
  if (split.validation === 'test') {
    return {
      tone: 'caution',
      text:
        'The test part was also the validation part: it steered the learning rate and chose the epoch whose weights were kept, ' +
        'so the test figures of models trained in epochs are optimistic.',
    };
  }
  if (sizes.every((fold) => fold.validation === 0)) {
    return { tone: 'note', text: 'There was no validation part; the test part steered nothing.' };
  }
  return {
    tone: 'sound',
    text: 'A validation part of its own steered training; the test part was used once, for the figures given here.',
  };
}

function spread(sizes: readonly FoldSizes[], tested: Tested): Statement[] {
  const total = sum(sizes, (fold) => fold.test);
  const statements: Statement[] = [];
  if (sizes.length === 1) {
    statements.push({
      tone: 'caution',
      text:
        'One split and one training a model: how much the figures would move with another split or seed is not known.' +
        (tested.units.length < fewestUnits
          ? ''
          : ' The intervals cover only which voices and clips happened to be in the test part.'),
    });
  }
  if (total < fewTestClips && total > 0) {
    statements.push({
      tone: 'caution',
      text: `The test figures rest on ${counted(total, 'prediction')}: one of them is worth ${points(1 / total)} of accuracy.`,
    });
  }
  return statements;
}

function scalers(checked: number): Statement[] {
  if (checked === 0) return [];
  const what =
    checked === 1 ? 'The one scaler of the features was' : `All ${count(checked)} scalers of features were`;
  return [
    {
      tone: 'sound',
      text: `${what} checked against the split: fitted on the training clips of the fold alone.`,
    },
  ];
}

function unusedEmotions(unused: readonly UnusedEmotion[]): Statement[] {
  if (unused.length === 0) return [];
  const named = unused.map(({ emotion, clips }) => `${emotion} (${counted(clips, 'clip')})`);
  return [note(`In no part of any fold, and so in no figure: ${list(named)}.`)];
}

function leftOutClips(leftOut: readonly LeftOutClip[]): Statement[] {
  if (leftOut.length === 0) return [];
  const named = leftOut.slice(0, leftOutNamed).map(({ name, reason }) => `${name} (${reason})`);
  const more = leftOut.length - named.length;
  if (more > 0) named.push(`${count(more)} more, all named in summary.json of the models`);
  return [
    {
      tone: 'caution',
      text: `Left out of training and of every figure: ${counted(leftOut.length, 'clip')}, ${named.join('; ')}.`,
    },
  ];
}

function absentEmotions(split: Split): Statement[] {
  const tested = new Set<number>();
  for (const clip of split.clips) if (clip.roles.includes('test')) tested.add(clip.emotionIndex);
  const absent = split.emotions.filter((_, index) => !tested.has(index));
  if (absent.length === 0) return [];
  return [
    {
      tone: 'caution',
      text: `No test clip is ${list(absent)}: the averages over emotions leave ${absent.length === 1 ? 'it' : 'them'} out.`,
    },
  ];
}

/** Which figures chose among the models, and what the choice is worth. */
function chosen({ by, order, nested }: Choice): Statement[] {
  if (order.length < 2) return [];
  if (by === 'test') {
    return [
      {
        tone: 'caution',
        text: `There are no validation figures: the best of ${order.length} models is chosen on the test part, which flatters its test figures.`,
      },
    ];
  }
  const worth =
    nested === null
      ? ''
      : ` Chosen in each fold by that fold’s validation part alone, the models name ${percent(nested.testAccuracy)} of the ` +
        `test clips correctly (UAR ${percent(nested.uar)}): that is what choosing among these models gives on new data of this kind.`;
  return [
    { tone: 'sound', text: `Models are ranked by their validation figures, not by test figures.${worth}` },
  ];
}

/** What intervals and tests take to be independent. */
function independence(tested: Tested): Statement {
  if (tested.units.length < fewestUnits) {
    return { tone: 'caution', text: `No intervals and no tests of differences: ${tooFew(tested)}.` };
  }
  if (tested.unit === 'clip') {
    return {
      tone: 'caution',
      text:
        'No two test clips are known to be of one speaker, so intervals and tests take every clip to be independent of the ' +
        'others. If some are of one voice, the intervals are too narrow and p too small.',
    };
  }
  return {
    tone: 'note',
    text:
      `Intervals and tests of differences take the ${counted(tested.units.length, 'test speaker')} to be independent, ` +
      'not their clips; a clip that several repetitions test counts once.',
  };
}

interface Remarked {
  readonly label: string;
  readonly notes: readonly string[];
  readonly cautions: readonly string[];
}

/** What every model carries is said once, anything else with the models that it belongs to. */
function modelRemarks(models: readonly Remarked[], kind: 'notes' | 'cautions'): Statement[] {
  const carriers = new Map<string, string[]>();
  for (const model of models) {
    for (const text of model[kind]) carriers.set(text, [...(carriers.get(text) ?? []), model.label]);
  }
  return [...carriers].map(([text, labels]): Statement => ({
    tone: kind === 'notes' ? 'note' : 'caution',
    text: labels.length === models.length && models.length > 1 ? text : `${list(labels)}: ${text}`,
  }));
}

function note(text: string): Statement {
  return { tone: 'note', text };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
