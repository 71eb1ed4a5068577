import { afterAll, describe, expect, it } from '@jest/globals';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { ranked, type Ranked } from '../../../stages/evaluate/evaluation/ranking.ts';
import { splitArtifact, sure, trainingArtifact, type Answer, type Clip } from './artifacts.ts';
import { report, type Report } from './rig.ts';

const emotions = ['neutral', 'calm'];
const speakers = ['01', '02', '03', '04', '05', '06'];
const made: Report[] = [];
afterAll(async () => {
  for (const each of made) await each.remove();
});

/** Two folds over six speakers: each tests three, validates on one, trains on two. */
const clips: readonly Clip[] = speakers.flatMap((speaker, index) =>
  emotions.flatMap((emotion) =>
    [1, 2].map((take): Clip => {
      const inFirst = index < 3;
      const apart = index % 3 === 0 ? 'validation' : 'train';
      return {
        id: `${speaker}-${emotion}-${take}`,
        emotion,
        speaker,
        roles: inFirst ? ['test', apart] : [apart, 'test'],
      };
    }),
  ),
);

const right: Answer = (clip) => sure(emotions, clip.emotion, 0.9);
const wrong: Answer = (clip) => sure(emotions, clip.emotion === 'calm' ? 'neutral' : 'calm', 0.9);

function model(name: string, answer: Answer): InputArtifact {
  return trainingArtifact(`train[${name}]`, clips, answer, { emotions, model: name });
}

async function judged(models: InputArtifact[], validation: 'own' | 'test' = 'own'): Promise<Report> {
  const result = await report(
    { split: splitArtifact(clips, { emotions, kind: 'speaker', validation }), models },
    { resamples: 50 },
  );
  made.push(result);
  return result;
}

describe('the choice among models', () => {
  /** Right where it is validated and wrong on half of the tests; the other the other way round. */
  const validated = model('validated', (clip, fold, part) =>
    part === 'test' && clip.emotion === 'calm' ? wrong(clip, fold, part) : right(clip, fold, part),
  );
  const tested = model('tested', (clip, fold, part) =>
    part === 'validation' ? wrong(clip, fold, part) : right(clip, fold, part),
  );

  it('goes by validation figures, whatever the test figures are', async () => {
    const { metrics, markdown, html } = await judged([tested, validated]);
    expect(
      metrics.results.map(({ testAccuracy, validationAccuracy }) => [testAccuracy, validationAccuracy]),
    ).toEqual([
      [1, 0],
      [0.5, 1],
    ]);
    expect(metrics.choice).toEqual({
      by: 'validationAccuracy',
      chosenOnTestPart: false,
      order: ['train[validated]', 'train[tested]'],
      nested: {
        testAccuracy: 0.5,
        uar: 0.5,
        macroF1: expect.closeTo(1 / 3, 12),
        stages: ['train[validated]', 'train[validated]'],
      },
    });
    for (const text of [markdown, html]) {
      expect(text).toContain('validated on mfcc comes first on the validation parts (100.0%)');
      expect(text).toContain('tested on mfcc, which follows, is right 50.0 points more often');
      expect(text).not.toContain('chosen on the test part');
    }
    expect(sections(html)).toEqual(['validated-mfcc', 'tested-mfcc']);
  });

  it('is said to be one on the test part where there are no validation figures', async () => {
    const { metrics, markdown, html } = await judged([validated, tested], 'test');
    expect(
      metrics.results.map(({ validationAccuracy, validationLoss, validationClips }) => [
        validationAccuracy,
        validationLoss,
        validationClips,
      ]),
    ).toEqual([
      [null, null, 0],
      [null, null, 0],
    ]);
    expect(metrics.choice).toEqual({
      by: 'testAccuracy',
      chosenOnTestPart: true,
      order: ['train[tested]', 'train[validated]'],
      nested: null,
    });
    for (const text of [markdown, html]) {
      expect(text).toContain('tested on mfcc does best, chosen on the test part: it names');
      expect(text).toContain('the first is chosen on the test part, which flatters its figures');
    }
  });

  it('gives each fold its own, judged by its own test part alone', async () => {
    const inFold =
      (best: number): Answer =>
      (clip, fold, part) =>
        fold === best || part === 'test' ? right(clip, fold, part) : wrong(clip, fold, part);
    const { metrics } = await judged([model('first', inFold(0)), model('second', inFold(1))]);
    expect(metrics.choice.nested).toMatchObject({
      testAccuracy: 1,
      stages: ['train[first]', 'train[second]'],
    });
  });

  it('is none of a single model', async () => {
    const { metrics, markdown } = await judged([tested], 'test');
    expect(metrics.choice).toMatchObject({ chosenOnTestPart: false, order: ['train[tested]'], nested: null });
    expect(metrics.comparisons).toEqual([]);
    expect(markdown).not.toContain('chosen on the test part');
  });

  it('computes the validation figures of all folds together', async () => {
    const half = model('half', (clip, fold, part) =>
      part === 'validation' && clip.emotion === 'calm' && fold === 0
        ? wrong(clip, fold, part)
        : right(clip, fold, part),
    );
    const [result] = (await judged([half])).metrics.results;
    // Two folds validate on four clips each; two of the four calm ones of both are wrong.
    expect(result).toMatchObject({ validationClips: 8, validationAccuracy: 0.75, validationUar: 0.75 });
    expect(result.validationMacroF1).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
    expect(result.validationLoss).toBeCloseTo(-(6 * Math.log(0.9) + 2 * Math.log(0.1)) / 8, 6);
  });
});

describe('the order of models', () => {
  const named = (
    name: string,
    validation: Partial<Ranked['validation']> | null,
    test = 0,
  ): Ranked & { name: string } => ({
    name,
    validation: validation && { clips: 1, accuracy: 0, uar: 0, macroF1: 0, loss: 1, ...validation },
    test: { accuracy: test, uar: 0, macroF1: 0 },
  });
  const order = (...models: (Ranked & { name: string })[]): string =>
    ranked(models)
      .order.map(({ name }) => name)
      .join(' ');

  it('breaks ties by UAR, F1 and loss, then by the order of the input', () => {
    expect(
      order(
        named('a', { accuracy: 0.5, uar: 0.4 }),
        named('b', { accuracy: 0.5, uar: 0.5, loss: 2 }),
        named('c', { accuracy: 0.5, uar: 0.5, loss: 1 }),
        named('d', { accuracy: 0.5, uar: 0.5, loss: 1 }),
        named('e', { accuracy: 0.9 }),
      ),
    ).toBe('e c d b a');
  });

  it('goes by test figures where a model lacks validation figures', () => {
    expect(order(named('a', { accuracy: 0.9 }, 0.1), named('b', null, 0.2))).toBe('b a');
  });

  it('is one for headline and table, ties included', async () => {
    // Right equally often, but on other emotions: only the UAR of the second test part differs.
    const first = model('first', (clip, fold, part) =>
      clip.id === '01-calm-1' ? wrong(clip, fold, part) : right(clip, fold, part),
    );
    const { metrics, markdown, html } = await judged(
      [
        first,
        model('second', (clip, fold, part) =>
          clip.id === '02-calm-1' ? wrong(clip, fold, part) : right(clip, fold, part),
        ),
      ],
      'test',
    );
    expect(metrics.results[0].testAccuracy).toBe(metrics.results[1].testAccuracy);
    expect(markdown).toContain('first on mfcc does best');
    expect(markdown).toContain('second on mfcc, which follows, is right as often.');
    expect(sections(html)).toEqual(['first-mfcc', 'second-mfcc']);
  });
});

function sections(html: string): string[] {
  return [...html.matchAll(/<section[^>]* id="model-([^"]+)"/g)].map(([, id]) => id);
}
