import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { evaluate } from '../../../stages/evaluate/evaluation/evaluate.ts';
import type { Evaluation } from '../../../stages/evaluate/evaluation/types.ts';
import { params, type EvaluateParams } from '../../../stages/evaluate/index.ts';
import { readSplit, type Split } from '../../../stages/evaluate/inputs/split.ts';
import { readTraining, type Prediction, type Training } from '../../../stages/evaluate/inputs/training.ts';
import { metricsOf } from '../../../stages/evaluate/metrics-file.ts';
import { splitArtifact, sure, trainingArtifact, type Clip } from './artifacts.ts';
import { modelOf, corpus, emotions as eight } from './corpus.ts';

const emotions = ['neutral', 'calm', 'happy'];

/** Clips of some speakers, three each, all tested; one more speaker to train on. */
function clipsOf(speakers: readonly string[]): Clip[] {
  return [
    ...speakers.flatMap((speaker, index) =>
      emotions.map((emotion): Clip => ({ id: `${index}-${emotion}`, emotion, speaker, roles: ['test'] })),
    ),
    ...emotions.map((emotion): Clip => ({
      id: `t-${emotion}`,
      emotion,
      speaker: 'trained',
      roles: ['train'],
    })),
  ];
}

/** Models that are right on the test clips that their function accepts. */
async function compared(
  clips: readonly Clip[],
  rightOf: Readonly<Record<string, (clip: Clip, fold: number) => boolean>>,
  given: Partial<EvaluateParams> = {},
): Promise<Evaluation> {
  const split = await readSplit(splitArtifact(clips, { emotions, kind: 'speaker' }));
  const other = (emotion: string): string => emotions[(emotions.indexOf(emotion) + 1) % emotions.length];
  const models = Object.entries(rightOf).map(([model, right]): InputArtifact =>
    trainingArtifact(
      `train[${model}]`,
      clips,
      (clip, fold) => sure(emotions, right(clip, fold) ? clip.emotion : other(clip.emotion), 0.9),
      { emotions, model },
    ),
  );
  const trainings = await Promise.all(models.map((model) => readTraining(model, split)));
  return evaluate(split, trainings, params.parse({ resamples: 200, ...given }));
}

const six = ['01', '02', '03', '04', '05', '06'];

describe('a pair of models', () => {
  it('is compared by speaker, as computed by hand', async () => {
    // The first has all right, the second only the neutral clips of speakers 1 to 5 and all of speaker 6.
    const { comparisons, summary } = await compared(clipsOf(six), {
      a: () => true,
      b: ({ emotion, speaker }) => emotion === 'neutral' || speaker === '06',
    });
    // Sums by speaker 2, 2, 2, 2, 2, 0: of 2^5 assignments two are as far from zero.
    expect(comparisons).toEqual([
      {
        first: 'a-mfcc',
        second: 'b-mfcc',
        stages: ['train[a]', 'train[b]'],
        clips: 18,
        units: 6,
        unit: 'speaker',
        difference: 10 / 18,
        interval: comparisons[0].interval,
        p: 0.0625,
        pHolm: 0.0625,
        smallestP: 0.0625,
        method: 'sign flips over 6 speakers, all counted',
        reason: null,
      },
    ]);
    expect(comparisons[0].interval!.low).toBeGreaterThan(0);
    expect(comparisons[0].interval!.low).toBeLessThan(10 / 18);
    expect(comparisons[0].interval!.high).toBeGreaterThan(10 / 18);
    expect(summary[0].replaceAll('\u00a0', ' ')).toMatch(
      /b on mfcc, which follows, is right 55\.6 points less often, a difference that chance alone could make \(sign flips over 6 speakers, all counted; p = 0\.063\)\./,
    );
  });

  it('is corrected for the number of pairs', async () => {
    const { comparisons, summary } = await compared(clipsOf([...six, '07', '08', '09']), {
      a: () => true,
      b: ({ emotion }) => emotion === 'neutral',
      c: ({ emotion }) => emotion !== 'neutral',
    });
    expect(comparisons.map(({ p, pHolm }) => [p, pHolm])).toEqual([
      [2 / 512, 6 / 512],
      [2 / 512, 6 / 512],
      [2 / 512, 6 / 512],
    ]);
    expect(summary[0]).toMatch(/more than chance explains .*corrected for 3 pairs\)/);
  });

  it.each([
    [
      six.slice(0, 4),
      'the test parts hold 4 speakers: with fewer than 5 nothing can be said of how others would come out',
    ],
    [
      six.slice(0, 1),
      'the test parts hold 1 speaker: with fewer than 5 nothing can be said of how others would come out',
    ],
  ])('of few speakers has no p and no interval: %j', async (speakers, reason) => {
    const evaluation = await compared(clipsOf(speakers), { a: () => true, b: () => false });
    expect(evaluation.comparisons[0]).toMatchObject({
      p: null,
      pHolm: null,
      interval: null,
      difference: 1,
      reason,
    });
    expect(evaluation.summary[0]).toContain(
      `whether that is more than chance cannot be said, since ${reason}`,
    );
    const [first] = metricsOf(evaluation).results;
    expect([first.testAccuracyInterval, first.uarInterval, first.macroF1Interval]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('takes clips for the units where nobody knows the speakers, and says so', async () => {
    const { comparisons } = await compared(clipsOf(['', '']), {
      a: () => true,
      b: ({ emotion }) => emotion === 'neutral',
    });
    expect(comparisons[0]).toMatchObject({
      units: 6,
      unit: 'clip',
      p: 2 / 16,
      method: 'sign flips over 6 clips, all counted',
    });
  });

  it('counts a recording under two names once', async () => {
    const clips = clipsOf(six);
    const split = await readSplit(splitArtifact(clips, { emotions, kind: 'speaker' }));
    const model = (name: string, right: (id: string) => boolean): InputArtifact =>
      trainingArtifact(name, clips, ({ id, emotion }) => sure(emotions, right(id) ? emotion : 'calm', 0.9), {
        emotions,
        model: name,
      });
    const trainings = await Promise.all(
      [model('a', () => true), model('b', (id) => id !== '0-happy')].map((artifact) =>
        readTraining(artifact, split),
      ),
    );
    const twin: Split['clips'][number] = { ...split.clips[2], id: 'twin' };
    expect(split.clips[2].id).toBe('0-happy');
    const twice = { ...split, clips: [...split.clips, twin] };
    const also = trainings.map((training): Training => ({
      ...training,
      test: [
        ...training.test,
        ...training.test.filter(({ clip }) => clip === '0-happy').map((row) => ({ ...row, clip: 'twin' })),
      ],
    }));
    const comparisonOf = (of: Split, models: readonly Training[], names = new Map<string, string>()) =>
      evaluate(of, models, params.parse({ resamples: 50 }), undefined, 0, names).comparisons[0];
    const once = comparisonOf(split, trainings);
    const known = new Map([
      ['0-happy', 'x'],
      ['twin', 'x'],
    ]);
    const { clips: counted, difference, p } = comparisonOf(twice, also, known);
    expect({ counted, difference, p }).toEqual({ counted: 18, difference: 1 / 18, p: once.p });
    expect(comparisonOf(twice, also).clips).toBe(19);
  });
});

describe('repeating, duplicating and permuting rows', () => {
  const clips = corpus(7, 3);
  const read = async (): Promise<{ split: Split; trainings: readonly Training[] }> => {
    const split = await readSplit(splitArtifact(clips, { emotions: eight, kind: 'speaker' }));
    const trainings = await Promise.all(
      [0.3, 0.5].map((skill, index) =>
        readTraining(
          trainingArtifact(`train[${index}]`, clips, modelOf(skill, 0.9, 11 + index), {
            emotions: eight,
            model: `m${index}`,
          }),
          split,
        ),
      ),
    );
    return { split, trainings };
  };
  const judged = (split: Split, trainings: readonly Training[]) => {
    const { comparisons, models } = evaluate(split, trainings, params.parse({ resamples: 100 }));
    return {
      comparisons,
      intervals: models.map(({ testAccuracyInterval, uarInterval, macroF1Interval }) => ({
        testAccuracyInterval,
        uarInterval,
        macroF1Interval,
      })),
    };
  };

  it('change no p-value and no interval', async () => {
    const { split, trainings } = await read();
    const expected = judged(split, trainings);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (repeats, copies, seed) => {
          const folds = split.folds;
          const repeated = {
            ...split,
            folds: folds * repeats,
            clips: split.clips.map((clip) => ({
              ...clip,
              roles: Array.from({ length: repeats }, () => clip.roles).flat(),
            })),
          };
          const shuffle = <Item>(items: readonly Item[]): Item[] =>
            items
              .map((item, at) => ({ item, place: Math.sin(seed + at * 7919) }))
              .toSorted((a, b) => a.place - b.place)
              .map(({ item }) => item);
          const rows = (predictions: readonly Prediction[]): Prediction[] =>
            shuffle(
              Array.from({ length: repeats }, (_, repetition) =>
                Array.from({ length: copies }, () =>
                  predictions.map((row) => ({ ...row, fold: row.fold + repetition * folds })),
                ).flat(),
              ).flat(),
            );
          const models = trainings.map((training) => ({ ...training, test: rows(training.test) }));
          expect(judged({ ...repeated, clips: shuffle(repeated.clips) }, models)).toEqual(expected);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('leave a comparison as it is, and swapping its models flips its sign alone', async () => {
    const { split, trainings } = await read();
    const [one] = judged(split, trainings).comparisons;
    const [other] = judged(split, trainings.toReversed()).comparisons;
    expect(other).toEqual({
      ...one,
      first: one.second,
      second: one.first,
      stages: [one.stages[1], one.stages[0]],
      difference: -one.difference,
      interval: { low: -one.interval!.high, high: -one.interval!.low },
    });
    expect(one.p).toBeLessThan(1);
  });
});
