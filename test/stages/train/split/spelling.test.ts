import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeLabels, describeMerged, describeNear } from '../../../../stages/train/split/identity.ts';
import { inOneSpelling, nearNames, spellingKey } from '../../../../stages/train/split/spelling.ts';

function pairs(names: readonly string[], least = 6): string[] {
  return nearNames(names, least).map(({ names: [one, other], how }) => `${one} ~ ${other}: ${how}`);
}

describe('the spelling of names', () => {
  it.each([
    ['Anna', 'anna'],
    ['anna ', 'anna'],
    ['Anna  Maria', 'anna maria'],
    ['anna_maria', 'Anna-Maria'],
    ['Zo\u00eb', 'Zoe\u0308'],
    ['Ａｎｎａ', 'Anna'],
    ['Strauß', 'STRAUSS'],
    ['an\u200bna', 'anna'],
    ['anna\u00a0maria', 'anna maria'],
  ])('takes %j and %j for one', (one, other) => {
    expect(spellingKey(one)).toBe(spellingKey(other));
  });

  it.each([
    ['p1', 'p01'],
    ['Jose', 'José'],
    ['anna', 'annamaria'],
    ['01', '1'],
  ])('keeps %j and %j apart', (one, other) => {
    expect(spellingKey(one)).not.toBe(spellingKey(other));
  });

  it('writes each word in its commonest spelling, and says in what they differ', () => {
    expect(inOneSpelling(['Anna', 'anna', 'anna', 'Bo', 'an na'])).toEqual({
      words: ['anna', 'anna', 'anna', 'Bo', 'an na'],
      merged: [{ kept: 'anna', spellings: ['Anna', 'anna'], differences: ['case'] }],
    });
    expect(inOneSpelling(['Anna_Bo', 'anna bo']).merged[0].differences).toEqual(['case', 'spaces or dashes']);
    expect(inOneSpelling(['Zo\u00eb', 'Zoe\u0308']).merged[0].differences).toEqual(['Unicode form']);
  });

  it('keeps words apart that are of two corpora', () => {
    expect(inOneSpelling(['Anna', 'anna'], ['a', 'b'])).toEqual({ words: ['Anna', 'anna'], merged: [] });
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 8 }), (names) => {
        const once = inOneSpelling(names);
        expect(inOneSpelling(once.words)).toEqual({ words: once.words, merged: [] });
        expect(once.words.map(spellingKey)).toEqual(names.map(spellingKey));
      }),
    );
  });

  it('says of a name in two Unicode forms that it is one, and is careful about case', () => {
    const composed = describeMerged('speaker', inOneSpelling(['Zo\u00eb', 'Zoe\u0308']).merged);
    expect(composed.notes).toEqual([expect.stringContaining('differ only in Unicode form')]);
    expect(composed.cautions).toEqual([]);
    expect(describeMerged('speaker', inOneSpelling(['Anna', 'anna']).merged)).toEqual({
      notes: [],
      cautions: [
        'The speakers "Anna" and "anna" differ only in case: they are taken for one speaker, "Anna".',
      ],
    });
  });
});

describe('names that nearly agree', () => {
  it('differ in zeros, accents or one letter', () => {
    expect(pairs(['p1', 'p01', 'p2'])).toEqual(['p01 ~ p1: zeros before a number']);
    expect(pairs(['Jose', 'José'])).toEqual(['Jose ~ José: accents']);
    expect(pairs(['Katharina', 'Katarina', 'Johannes'])).toEqual(['Katarina ~ Katharina: one letter']);
    expect(pairs(['surprised', 'suprised', 'angry'], 5)).toEqual(['suprised ~ surprised: one letter']);
    expect(pairs(['Michaela', 'Michoela'])).toEqual(['Michaela ~ Michoela: one letter']);
  });

  it('are none of those that count', () => {
    expect(pairs(['speaker1', 'speaker2', '1001', '1002', 'p10', 'p1'])).toEqual([]);
    expect(pairs(['speakera', 'speakerb'])).toEqual([]);
    expect(pairs(['subj-a-x', 'subj-b-x', 'subj-c-x', 'subj-d-x'])).toEqual([]);
    expect(pairs(['sad', 'mad', 'bad'], 5)).toEqual([]);
  });

  it('are said with what follows', () => {
    expect(describeNear('speaker', ['p1', 'p01'], 6, 'one voice leaks')).toEqual([
      'The speakers "p01" and "p1" nearly agree, but for zeros before a number: if they are one, one voice leaks.',
    ]);
  });
});

describe('labels that are no classes', () => {
  it('are numbers of a scale and several emotions with weights', () => {
    expect(describeLabels(['0.37', '1.5', 'calm'])).toEqual([
      'Emotions such as "0.37", "1.5" are numbers: continuous labels are no classes here, and each number counts as a class of its own: see docs/data-sets.md.',
    ]);
    expect(describeLabels(['neutral;sad:0.3', 'sad'])).toEqual([
      'Emotions such as "neutral;sad:0.3" hold several emotions or a weight: soft labels are no classes here, and each text counts as a class of its own: see docs/data-sets.md.',
    ]);
    expect(describeLabels(['sad:0.3'])).toHaveLength(1);
    expect(describeLabels(['calm', 'e08', '3', 'very sad', 'fear/anxiety', 'self-assured'])).toEqual([]);
  });
});
