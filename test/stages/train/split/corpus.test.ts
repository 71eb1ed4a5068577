import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clip, Corpus } from '../../../../stages/train/split/clips.ts';
import { splitParams, type SplitParams } from '../../../../stages/train/split/params.ts';
import { splitCorpus } from '../../../../stages/train/split/split.ts';

interface Sketch {
  readonly speakers: number;
  readonly emotions: readonly string[];
}

/** Corpora of four clips for each speaker and emotion. */
function corpusOf(sketches: Readonly<Record<string, Sketch>>): Corpus {
  const clips = Object.entries(sketches).flatMap(([corpus, { speakers, emotions }]) =>
    Array.from({ length: speakers }, (_, speaker) =>
      emotions.flatMap((emotion) =>
        Array.from({ length: 4 }, (_, take): Clip => {
          const id = `${corpus}/${speaker}-${emotion}-${take}`;
          return {
            id,
            emotion,
            speaker: `${corpus}/${speaker}`,
            corpus,
            sex: '',
            statement: '',
            audioDigest: id,
          };
        }),
      ),
    ).flat(),
  );
  const emotions = [...new Set(clips.map((clip) => clip.emotion))];
  return { clips: clips.sort((a, b) => (a.id < b.id ? -1 : 1)), emotions };
}

const two = corpusOf({
  ravdess: { speakers: 5, emotions: ['sad', 'angry', 'calm'] },
  'emo-db': { speakers: 4, emotions: ['sad', 'angry', 'boredom'] },
});

function split(corpus: Corpus, params: Partial<SplitParams> = {}) {
  return splitCorpus(corpus, { ...splitParams.parse({ kind: 'corpus' }), ...params });
}

describe('the protocol corpus', () => {
  it('tests each corpus by a model of the others, on the emotions of both', () => {
    const { folds, description } = split(two);
    expect(folds.map(({ name }) => name)).toEqual(['tested on emo-db', 'tested on ravdess']);
    for (const [index, tested] of ['emo-db', 'ravdess'].entries()) {
      two.clips.forEach((clip, position) => {
        const role = folds[index].roles[position];
        if (!['sad', 'angry'].includes(clip.emotion)) expect(role).toBe('unused');
        else if (clip.corpus === tested) expect(role).toBe('test');
        else expect(['train', 'validation']).toContain(role);
      });
    }
    expect(description).toMatchObject({ kind: 'corpus', folds: 2, validation: 'own' });
    expect(description.notes).toEqual(
      expect.arrayContaining([
        'Tested on emo-db: clips of boredom are unused, which emo-db alone has.',
        'Tested on emo-db: clips of calm are unused, which emo-db lacks.',
        'Tested on ravdess: clips of boredom are unused, which ravdess lacks.',
      ]),
    );
  });

  it('puts no speaker in two parts, and leaves no part empty', () => {
    const sizes = fc.integer({ min: 2, max: 6 });
    fc.assert(
      fc.property(sizes, sizes, sizes, fc.nat(), (first, second, third, seed) => {
        const emotions = ['sad', 'angry'];
        const { clips } = corpusOf({
          a: { speakers: first, emotions },
          b: { speakers: second, emotions },
          c: { speakers: third, emotions },
        });
        const { folds } = split({ clips, emotions }, { seed });
        expect(folds).toHaveLength(3);
        for (const { roles } of folds) {
          const parts = (['train', 'validation', 'test'] as const).map(
            (part) => new Set(clips.flatMap((clip, row) => (roles[row] === part ? [clip.speaker] : []))),
          );
          for (const part of parts) expect(part.size).toBeGreaterThan(0);
          expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(first + second + third);
        }
      }),
    );
  });

  it('tests only the corpora named, in the same way', () => {
    const only = split(two, { testCorpora: ['ravdess'] });
    expect(only.folds).toEqual([split(two).folds[1]]);
  });

  it.each([
    [{ a: { speakers: 3, emotions: ['sad', 'angry'] } }, {}, 'all are of a'],
    [
      { a: { speakers: 3, emotions: ['sad', 'angry'] }, b: { speakers: 3, emotions: ['sad', 'calm'] } },
      {},
      'a shares only sad with the other corpora: it has angry, sad, they have calm, sad',
    ],
    [
      { a: { speakers: 3, emotions: ['sad', 'angry'] }, b: { speakers: 1, emotions: ['sad', 'angry'] } },
      {},
      'the protocol corpus, tested on a, needs 2 speakers, and there is 1',
    ],
    [
      { a: { speakers: 3, emotions: ['sad', 'angry'] }, b: { speakers: 3, emotions: ['sad', 'angry'] } },
      { testCorpora: ['c'] },
      'there is no corpus c; there are a, b',
    ],
  ])('refuses %j %j: %s', (sketches, params, message) => {
    expect(() => split(corpusOf(sketches), params)).toThrow(message);
  });
});
