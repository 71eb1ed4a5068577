import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMOTIONS, emotionIndexOf, emotionNamed } from '../../../stages/ingest/emotions.ts';

describe('emotionNamed', () => {
  it.each([
    ['fear', 'fearful'],
    ['Happiness', 'happy'],
    [' ANGER ', 'angry'],
    ['joy', 'happy'],
    ['bored', 'boredom'],
    ['Contempt', 'contempt'],
  ])('%s: %s', (word, name) => {
    expect(emotionNamed(word)).toBe(name);
  });

  it('leaves the names themselves alone, and is idempotent', () => {
    expect(EMOTIONS.map(emotionNamed)).toEqual([...EMOTIONS]);
    fc.assert(fc.property(fc.string(), (word) => emotionNamed(emotionNamed(word)) === emotionNamed(word)));
  });
});

describe('emotionIndexOf', () => {
  it("follows RAVDESS's numbers, others behind them", () => {
    expect(['neutral', 'calm', 'surprised', 'boredom', 'contempt', 'awe'].map(emotionIndexOf)).toEqual([
      0, 1, 7, 8, 9, 9,
    ]);
  });
});
