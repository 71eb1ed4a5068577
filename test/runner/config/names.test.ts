import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fitsInName,
  instanceName,
  matches,
  parseReference,
  stageName,
} from '../../../runner/config/names.ts';

/** Values as they may stand in a name: balanced brackets, commas only within. */
const value: fc.Arbitrary<string> = fc.letrec<{ value: string; plain: string; nested: string }>((tie) => ({
  plain: fc.stringMatching(/^[a-z0-9_.*/-]{1,6}$/),
  nested: fc
    .tuple(tie('plain'), fc.array(tie('value'), { minLength: 1, maxLength: 3 }))
    .map(([name, values]) => instanceName(name, values)),
  value: fc.oneof({ maxDepth: 3 }, tie('plain'), tie('nested')),
})).value;

describe('names of instances', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/),
        fc.array(value, { minLength: 1 }),
        (stage, values) => {
          expect(parseReference(instanceName(stage, values))).toEqual({ stage, values });
        },
      ),
    );
  });

  it('hold every value that fits', () => {
    const fitting = fc.string({ unit: fc.constantFrom('a', ',', '[', ']', ' ', '*') }).filter(fitsInName);
    fc.assert(
      fc.property(fc.array(fitting, { minLength: 1 }), (values) => {
        expect(parseReference(instanceName('stage', values))).toEqual({ stage: 'stage', values });
      }),
    );
  });

  it.each(['', '[a]', 'a[', 'a[b', 'a[b]c', 'a[b]]', 'a[[b]', 'a[]', 'a[b,]', 'a[,b]'])(
    'are never %j',
    (text) => {
      expect(parseReference(text)).toBeUndefined();
    },
  );

  it.each(['', '.', '..', ' a', 'a\\b', 'a\nb', '*', 'a,b', 'a]'])('cannot hold %j', (text) => {
    expect(fitsInName(text)).toBe(false);
  });

  it('without brackets are a stage alone', () => {
    expect(instanceName('mfcc', [])).toBe('mfcc');
    expect(parseReference('mfcc')).toEqual({ stage: 'mfcc', values: undefined });
  });

  it.each([
    ['train', true],
    ['train[*]', true],
    ['train[*,*]', true],
    ['train[cnn,*]', true],
    ['train[ cnn , mfcc ]', true],
    ['train[lstm,*]', false],
    ['train[cnn]', false],
    ['train[*,*,*]', false],
  ])('%s means train[cnn,mfcc]: %s', (text, expected) => {
    expect(matches(parseReference(text)!, ['cnn', 'mfcc'])).toBe(expected);
  });

  it('of stages are letters, digits, _ and -', () => {
    for (const name of ['mfcc', 'train-2', '_x', '3', 'größe']) {
      expect(name).toMatch(stageName);
    }
    for (const name of ['', '-x', 'a.b', 'a b', 'a/b', 'a[b]', '*', '${x}']) {
      expect(name).not.toMatch(stageName);
    }
  });
});
