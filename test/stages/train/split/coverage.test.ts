import { describe, expect, it } from '@jest/globals';
import type { Clip, Corpus } from '../../../../stages/train/split/clips.ts';
import { splitParams } from '../../../../stages/train/split/params.ts';
import { splitCorpus } from '../../../../stages/train/split/split.ts';
import { ravdess } from './corpora.ts';

/** Clips of speakers by emotion: `{ anna: { sad: 2 } }`. */
function corpusOf(speakers: Readonly<Record<string, Readonly<Record<string, number>>>>): Corpus {
  const clips = Object.entries(speakers).flatMap(([speaker, said]) =>
    Object.entries(said).flatMap(([emotion, count]) =>
      Array.from({ length: count }, (_, take): Clip => {
        const id = `${speaker}/${emotion}-${take}.wav`;
        return { id, emotion, speaker, corpus: '', sex: '', statement: '', audioDigest: '' };
      }),
    ),
  );
  return { clips, emotions: [...new Set(clips.map(({ emotion }) => emotion))].sort() };
}

function split(corpus: Corpus, params: object) {
  return splitCorpus(corpus, splitParams.parse(params));
}

const oneSaysFear = corpusOf({
  a: { calm: 4, sad: 4, fear: 2 },
  b: { calm: 4, sad: 4 },
  c: { calm: 4, sad: 4 },
  d: { calm: 4, sad: 4 },
});

describe('the coverage of a split', () => {
  it('says nothing of a corpus in which every part can have every emotion', () => {
    for (const kind of ['random', 'holdout', 'speaker', 'leave-one-speaker-out', 'statement'] as const) {
      expect(split(ravdess(6), { kind }).description.cautions).toEqual([]);
    }
  });

  it('names fold, part and emotion where one is tested or validated that was never trained on, and what it caps', () => {
    const { folds, coverage, description } = split(oneSaysFear, { kind: 'leave-one-speaker-out' });
    expect(description.cautions).toEqual([
      'Fold 1 of 4 (speaker a) tests fear, which was never trained on there: its recall is 0, and accuracy there cannot exceed 80.0%.',
      'Over all folds accuracy cannot exceed 94.2%: emotions were tested that were never trained on.',
      'Folds 2, 3 and 4 of 4 validate without a clip of fear: early stopping, the temperature and any choice that goes by that validation part know nothing of it.',
    ]);
    expect(coverage[0].gaps).toEqual([{ what: 'untrained', part: 'test', emotion: 'fear', clips: 2 }]);
    // Its only speaker is never taken from training for validation.
    const fear = oneSaysFear.clips.findIndex(({ emotion }) => emotion === 'fear');
    expect(folds.map(({ roles }) => roles[fear])).toEqual(['test', 'train', 'train', 'train']);
  });

  it('leaves the validation part out where the test part validates', () => {
    const { description } = split(oneSaysFear, { kind: 'leave-one-speaker-out', validationFraction: 0 });
    expect(description.cautions).toHaveLength(2);
    expect(description.cautions.join()).not.toContain('validat');
  });

  it('says where an emotion is trained on by one clip', () => {
    const corpus = corpusOf({
      a: { calm: 3, sad: 3, fear: 1 },
      b: { calm: 3, sad: 3 },
      c: { calm: 3, sad: 3 },
    });
    expect(split(corpus, { kind: 'speaker', validationFraction: 0 }).description.cautions).toContain(
      'Folds 2 and 3 of 3 train on one clip of fear: nothing can be learnt of an emotion from one clip.',
    );
  });

  it('names the first of many folds', () => {
    const speakers = Object.fromEntries(
      Array.from({ length: 12 }, (_, speaker) => [`s${speaker}`, { calm: 1, [`own${speaker}`]: 1 }]),
    );
    const { cautions } = split(corpusOf(speakers), { kind: 'leave-one-speaker-out' }).description;
    expect(cautions.filter((caution) => /^Fold \d/.test(caution) && caution.includes('tests'))).toHaveLength(
      8,
    );
    expect(cautions.find((caution) => caution.startsWith('4 more folds'))).toMatch(
      /^4 more folds test emotions that were never trained on there: own\d/,
    );
  });

  it('refuses a fold that trains on one emotion, or on one clip', () => {
    const one = corpusOf({ a: { sad: 2 }, b: { sad: 2 }, c: { calm: 2 } });
    expect(() => split(one, { kind: 'leave-one-speaker-out', validationFraction: 0 })).toThrow(
      'a model of this fold would train on 4 clips of one emotion, sad: it learns to tell nothing apart',
    );
    const few = corpusOf({ a: { sad: 1 }, b: { calm: 1 } });
    expect(() => split(few, { kind: 'speaker', folds: 2, validationFraction: 0 })).toThrow(
      /would train on one clip, of (sad|calm): it learns to tell nothing apart/,
    );
  });
});
