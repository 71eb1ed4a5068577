import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitParams, type SplitParams } from '../../../../stages/train/split/params.ts';
import type { Role } from '../../../../stages/train/split/protocols/protocol.ts';
import { splitCorpus } from '../../../../stages/train/split/split.ts';
import { ravdess } from './corpora.ts';

const kinds = ['random', 'holdout', 'speaker', 'leave-one-speaker-out', 'statement', 'published'] as const;
const speakerKinds = ['holdout', 'speaker', 'leave-one-speaker-out', 'published'] as const;

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const speakerCounts = fc.integer({ min: 6, max: 24 });

function split(speakers: number, params: Partial<SplitParams>) {
  const corpus = ravdess(speakers);
  return { ...splitCorpus(corpus, { ...splitParams.parse({}), ...params }), clips: corpus.clips };
}

function valuesOf<Item, Value>(
  items: readonly Item[],
  roles: readonly Role[],
  role: Role,
  value: (item: Item) => Value,
) {
  return new Set(items.filter((_, position) => roles[position] === role).map(value));
}

function countOf(roles: readonly Role[], role: Role): number {
  return roles.filter((other) => other === role).length;
}

describe('every protocol', () => {
  it.each(kinds)('%s: gives each clip one role and leaves no part empty', (kind) => {
    fc.assert(
      fc.property(
        seeds,
        speakerCounts,
        fc.constantFrom(0, 0.1, 0.3),
        (seed, speakers, validationFraction) => {
          const { clips, folds, description } = split(speakers, { kind, seed, validationFraction });
          expect(folds).toHaveLength(description.folds);
          for (const { roles } of folds) {
            expect(roles).toHaveLength(clips.length);
            expect(countOf(roles, 'train')).toBeGreaterThan(0);
            expect(countOf(roles, 'test')).toBeGreaterThan(0);
            expect(countOf(roles, 'validation') > 0).toBe(validationFraction > 0);
            expect(countOf(roles, 'unused')).toBe(0);
          }
          expect(description.validation).toBe(validationFraction > 0 ? 'own' : 'test');
        },
      ),
      { numRuns: 15 },
    );
  });

  it.each(kinds)('%s: gives the same folds for the same seed', (kind) => {
    expect(split(12, { kind, seed: 7 })).toEqual(split(12, { kind, seed: 7 }));
  });

  it.each(kinds)('%s: gives other folds for another seed', (kind) => {
    const params = { kind, validationFraction: 0.2 };
    expect(split(12, { ...params, seed: 7 }).folds).not.toEqual(split(12, { ...params, seed: 8 }).folds);
  });

  it.each(kinds)('%s: does not depend on how many repetitions follow', (kind) => {
    const once = split(12, { kind });
    const thrice = split(12, { kind, repeats: 3 });
    expect(thrice.folds).toHaveLength(3 * once.folds.length);
    expect(thrice.folds.slice(0, once.folds.length).map(({ roles }) => roles)).toEqual(
      once.folds.map(({ roles }) => roles),
    );
    expect(new Set(thrice.description.foldNames).size).toBe(thrice.folds.length);
  });
});

describe('protocols over speakers', () => {
  it.each(speakerKinds)('%s: no speaker stands in two parts of a fold', (kind) => {
    fc.assert(
      fc.property(seeds, speakerCounts, (seed, speakers) => {
        const { clips, folds } = split(speakers, { kind, seed });
        for (const { roles } of folds) {
          const [train, validation, test] = (['train', 'validation', 'test'] as const).map((role) =>
            valuesOf(clips, roles, role, (clip) => clip.speaker),
          );
          expect(train.size + validation.size + test.size).toBe(speakers);
        }
      }),
      { numRuns: 15 },
    );
  });

  it.each(['speaker', 'leave-one-speaker-out', 'published'] as const)('%s: tests each clip once', (kind) => {
    fc.assert(
      fc.property(seeds, speakerCounts, (seed, speakers) => {
        const { clips, folds } = split(speakers, { kind, seed });
        clips.forEach((_, position) => {
          expect(folds.filter(({ roles }) => roles[position] === 'test')).toHaveLength(1);
        });
      }),
      { numRuns: 5 },
    );
  });

  it('deals the speakers into folds of nearly equal size and as many men as women', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { clips, folds } = split(24, { kind: 'speaker', seed });
        const men = folds.map(({ roles }) => {
          const tested = [...valuesOf(clips, roles, 'test', (clip) => `${clip.speaker} ${clip.sex}`)];
          return { all: tested.length, men: tested.filter((name) => name.includes(' male')).length };
        });
        expect(men.map(({ all }) => all).sort()).toEqual([4, 5, 5, 5, 5]);
        for (const fold of men) expect([2, 3]).toContain(fold.men);
      }),
      { numRuns: 20 },
    );
  });

  it('validates on as many men as women where the number is even', () => {
    const { clips, folds } = split(24, { kind: 'holdout', seed: 3 });
    const validating = [
      ...valuesOf(clips, folds[0].roles, 'validation', (clip) => `${clip.speaker} ${clip.sex}`),
    ];
    expect(validating).toHaveLength(4);
    expect(validating.filter((name) => name.includes('female'))).toHaveLength(2);
  });

  it('makes fewer folds where there are fewer speakers, and says so', () => {
    const { folds, description } = split(4, { kind: 'speaker', folds: 5 });
    expect(folds).toHaveLength(4);
    expect(description.notes).toContain('5 folds were asked for; 4 speakers allow 4.');
  });

  it('refuses a corpus of two speakers', () => {
    expect(() => split(2, { kind: 'speaker' })).toThrow('needs 3 speakers, and there are 2');
  });

  it('knows the published folds', () => {
    const { clips, folds, description } = split(24, { kind: 'published' });
    expect(
      folds.map(({ roles }) => [...valuesOf(clips, roles, 'test', (clip) => Number(clip.speaker))]),
    ).toEqual([
      [2, 5, 14, 15, 16],
      [3, 6, 7, 13, 18],
      [10, 11, 12, 19, 20],
      [8, 17, 21, 23, 24],
      [1, 4, 9, 22],
    ]);
    expect(description.foldNames[0]).toBe('published fold 1');
    expect(description.notes.join()).not.toContain('without the actors');
  });

  it('says which actors the published folds lack', () => {
    const { description } = split(22, { kind: 'published' });
    expect(description.notes).toContain(
      'Published folds without the actors 23, 24: figures are not comparable with published ones.',
    );
  });
});

describe('stratified protocols', () => {
  it('random: keeps the share of each emotion to within one clip', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.1, 0.2, 0.33), (seed, testFraction) => {
        const { clips, folds } = split(24, { kind: 'random', seed, testFraction });
        const tested = clips.filter((_, position) => folds[0].roles[position] === 'test');
        expect(tested).toHaveLength(Math.ceil(clips.length * testFraction));
        for (const emotion of new Set(clips.map((clip) => clip.emotion))) {
          const total = clips.filter((clip) => clip.emotion === emotion).length;
          const drawn = tested.filter((clip) => clip.emotion === emotion).length;
          expect(Math.abs(drawn - total * testFraction)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('statement: trains on one statement and tests the other', () => {
    const { clips, folds } = split(8, { kind: 'statement' });
    expect(folds.map(({ roles }) => [...valuesOf(clips, roles, 'test', (clip) => clip.statement)])).toEqual([
      ['dogs'],
      ['kids'],
    ]);
    for (const { roles } of folds) {
      const heard = valuesOf(clips, roles, 'train', (clip) => clip.statement);
      const tested = valuesOf(clips, roles, 'test', (clip) => clip.statement);
      expect([...heard].filter((statement) => tested.has(statement))).toEqual([]);
    }
  });

  it('refuses an emotion with one clip', () => {
    const { clips, emotions } = ravdess(4);
    const lonely = clips.filter(
      ({ emotion, id }) => emotion !== 'calm' || id === clips.find((c) => c.emotion === 'calm')!.id,
    );
    expect(() => splitCorpus({ clips: lonely, emotions }, splitParams.parse({}))).toThrow(
      'only one clip of calm',
    );
  });
});
