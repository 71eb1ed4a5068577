import { StageFailure } from '../../../runner/kind/index.ts';
import type { Corpus } from './clips.ts';
import type { SplitFold } from './protocols/protocol.ts';

/** An emotion that a part of a fold has or lacks, so that a figure of that fold is bound or means less. */
export interface Gap {
  /** `untrained`: clips of it are in the part, and none in training. `lacking`: clips are in training, none in the part. */
  readonly what: 'untrained' | 'lacking';
  readonly part: 'validation' | 'test';
  readonly emotion: string;
  /** Of the part. */
  readonly clips: number;
}

export interface FoldCoverage {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly gaps: readonly Gap[];
  /** Emotions with one training clip. */
  readonly trainedOnOne: readonly string[];
  readonly testClips: number;
  /** The accuracy that no model can exceed on the test part: emotions never trained on are never answered. */
  readonly ceiling: number;
}

/**
 * Which emotions each part of each fold has.
 *
 * @throws StageFailure where a training part holds less than two clips or two emotions.
 */
export function coverageOf({ clips, emotions }: Corpus, folds: readonly SplitFold[]): FoldCoverage[] {
  const place = new Map(emotions.map((emotion, index) => [emotion, index]));
  return folds.map(({ name, roles }, index) => {
    const counts = { train: zeros(emotions), validation: zeros(emotions), test: zeros(emotions) };
    for (const [position, role] of roles.entries()) {
      if (role !== 'unused') counts[role][place.get(clips[position].emotion)!]++;
    }
    requireTwoEmotions(name, counts.train, emotions);
    const testClips = sum(counts.test);
    const unknown = sum(counts.test.filter((_, emotion) => counts.train[emotion] === 0));
    return {
      number: index + 1,
      name,
      gaps: (['validation', 'test'] as const).flatMap((part) => gapsOf(part, counts, emotions)),
      trainedOnOne: emotions.filter((_, emotion) => counts.train[emotion] === 1),
      testClips,
      ceiling: testClips === 0 ? 1 : 1 - unknown / testClips,
    };
  });
}

function gapsOf(
  part: 'validation' | 'test',
  counts: Readonly<Record<'train' | 'validation' | 'test', readonly number[]>>,
  emotions: readonly string[],
): Gap[] {
  // No part at all lacks nothing: nothing goes by it.
  if (sum(counts[part]) === 0) return [];
  return emotions.flatMap((emotion, index): Gap[] => {
    const [trained, clips] = [counts.train[index], counts[part][index]];
    if (trained === 0 && clips > 0) return [{ what: 'untrained', part, emotion, clips }];
    return trained > 0 && clips === 0 ? [{ what: 'lacking', part, emotion, clips }] : [];
  });
}

function requireTwoEmotions(fold: string, trained: readonly number[], emotions: readonly string[]): void {
  const clips = sum(trained);
  const known = emotions.filter((_, index) => trained[index] > 0);
  if (known.length >= 2) return;
  const what =
    clips === 0
      ? 'no clip'
      : clips === 1
        ? `one clip, of ${known[0]}`
        : `${clips} clips of one emotion, ${known[0]}`;
  throw new StageFailure(`a model of this fold would train on ${what}: it learns to tell nothing apart`, {
    place: fold,
    hint: 'add speakers who say other emotions, or use another kind of split',
  });
}

/** Named one by one up to so many. */
const named = 8;

/** What bounds the figures, in sentences: each names fold, part and emotions. */
export function describeCoverage(folds: readonly FoldCoverage[], validatesOnTest: boolean): string[] {
  return [...untested(folds), ...(validatesOnTest ? [] : unvalidated(folds)), ...trainedOnOne(folds)];
}

/** Test parts with emotions that were never trained on, and what that caps. */
function untested(folds: readonly FoldCoverage[]): string[] {
  const bound = folds.filter(({ ceiling }) => ceiling < 1);
  if (bound.length === 0) return [];
  const sentences = bound.slice(0, named).map((fold) => {
    const emotions = emotionsOf(fold, 'test', 'untrained');
    const [was, its] = emotions.length === 1 ? ['was', 'its'] : ['were', 'their'];
    return (
      `${foldNamed(fold, folds)} tests ${listed(emotions)}, which ${was} never trained on there: ${its} recall is 0, ` +
      `and accuracy there cannot exceed ${percent(fold.ceiling)}.`
    );
  });
  const others = bound.slice(named);
  if (others.length > 0) {
    const emotions = new Set(others.flatMap((fold) => emotionsOf(fold, 'test', 'untrained')));
    sentences.push(
      `${others.length} more folds test emotions that were never trained on there: ${listed([...emotions].sort())}.`,
    );
  }
  if (folds.length > 1) {
    const clips = sum(folds.map(({ testClips }) => testClips));
    const known = sum(folds.map(({ testClips, ceiling }) => testClips * ceiling));
    sentences.push(
      `Over all folds accuracy cannot exceed ${percent(known / clips)}: emotions were tested that were never trained on.`,
    );
  }
  return sentences;
}

/** Validation parts that know other emotions than training: what goes by them is led astray, or blind. */
function unvalidated(folds: readonly FoldCoverage[]): string[] {
  return (['untrained', 'lacking'] as const).flatMap((what) => {
    const byEmotions = new Map<string, FoldCoverage[]>();
    for (const fold of folds) {
      const emotions = emotionsOf(fold, 'validation', what);
      if (emotions.length === 0) continue;
      const key = listed(emotions);
      byEmotions.set(key, [...(byEmotions.get(key) ?? []), fold]);
    }
    return [...byEmotions].map(([emotions, those]) => {
      const verb = those.length === 1 ? 'validates' : 'validate';
      const who = foldsNamed(those, folds);
      return what === 'untrained'
        ? `${who} ${verb} on ${emotions}, never trained on there: early stopping, the temperature and any choice that goes by that validation part are led astray.`
        : `${who} ${verb} without a clip of ${emotions}: early stopping, the temperature and any choice that goes by that validation part know nothing of it.`;
    });
  });
}

function trainedOnOne(folds: readonly FoldCoverage[]): string[] {
  const byEmotion = new Map<string, FoldCoverage[]>();
  for (const fold of folds) {
    for (const emotion of fold.trainedOnOne) {
      byEmotion.set(emotion, [...(byEmotion.get(emotion) ?? []), fold]);
    }
  }
  return [...byEmotion].map(
    ([emotion, those]) =>
      `${foldsNamed(those, folds)} ${those.length === 1 ? 'trains' : 'train'} on one clip of ${emotion}: nothing can be learnt of an emotion from one clip.`,
  );
}

function emotionsOf({ gaps }: FoldCoverage, part: Gap['part'], what: Gap['what']): string[] {
  return gaps.filter((gap) => gap.part === part && gap.what === what).map(({ emotion }) => emotion);
}

function foldNamed({ number, name }: FoldCoverage, all: readonly FoldCoverage[]): string {
  if (all.length === 1) return 'The split';
  return `Fold ${number} of ${all.length}` + (name.length <= 60 ? ` (${name})` : '');
}

function foldsNamed(those: readonly FoldCoverage[], all: readonly FoldCoverage[]): string {
  if (those.length === 1) return foldNamed(those[0], all);
  if (those.length === all.length) return `All ${all.length} folds`;
  const numbers = those.slice(0, named).map(({ number }) => String(number));
  const more = those.length - numbers.length;
  return `Folds ${listed(more > 0 ? [...numbers, `${more} more`] : numbers)} of ${all.length}`;
}

function listed(words: readonly string[]): string {
  return words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

/** Rounded up: a bound that is too low is wrong. */
function percent(fraction: number): string {
  return `${(Math.ceil(fraction * 1000 - 1e-9) / 10).toFixed(1)}%`;
}

function zeros(emotions: readonly string[]): number[] {
  return new Array<number>(emotions.length).fill(0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
