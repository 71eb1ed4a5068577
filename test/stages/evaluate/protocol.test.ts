import { describe, expect, it } from '@jest/globals';
import { foldSizes, protocolOf } from '../../../stages/evaluate/evaluation/protocol.ts';
import type { Role, Split } from '../../../stages/evaluate/inputs/split.ts';

function splitOf(clips: readonly [speaker: string, ...roles: Role[]][], more: Partial<Split> = {}): Split {
  const folds = clips[0].length - 1;
  return {
    stage: 'split',
    kind: 'random',
    folds,
    seed: 7,
    validation: 'own',
    emotions: ['neutral', 'calm'],
    foldNames: Array.from({ length: folds }, (_, fold) => `fold ${fold + 1}`),
    notes: [],
    cautions: [],
    clips: clips.map(([speaker, ...roles], index) => ({
      id: `clip ${index}`,
      speaker,
      emotionIndex: index % 2,
      roles,
    })),
    ...more,
  };
}

function said(
  split: Split,
  models: { label: string; notes: string[] }[] = [],
  notes: string[] = [],
): string[] {
  return protocolOf(split, foldSizes(split), { models, notes, unused: [], checkedScalers: 0 }).map(
    ({ tone, text }) => `${tone}: ${text}`,
  );
}

describe('the protocol', () => {
  it('warns of voices heard in training, of a test part that steers, of one split and of few clips', () => {
    const split = splitOf(
      [
        ['a', 'train'],
        ['a', 'test'],
        ['b', 'train'],
        ['b', 'test'],
        ['c', 'train'],
      ],
      { validation: 'test' },
    );
    expect(said(split)).toEqual([
      'note: The clips were split at random (seed 7): 3 clips to train on and 2 to test on.',
      'caution: All 2 speakers of the test part are heard in training as well, so the figures say how well the models do on voices that they know. Expect less of new voices.',
      'caution: The test part was also the validation part: it steered the learning rate and chose the epoch whose weights were kept, so the test figures of models trained in epochs are optimistic.',
      'caution: One split and one training a model: how much the figures would move with another split or seed is not known. The intervals cover only which clips happened to be in the test part.',
      'caution: The test figures rest on 2 predictions: one of them is worth 50.0 points of accuracy.',
      'caution: No test clip is neutral: the averages over emotions leave it out.',
    ]);
  });

  it('says what is sound about folds by speaker', () => {
    const roles: [string, Role, Role][] = [];
    for (let clip = 0; clip < 400; clip++) {
      roles.push(clip % 4 < 2 ? ['a', 'test', 'train'] : ['b', 'train', 'test']);
    }
    const validated: [string, Role, Role][] = [...roles, ['c', 'validation', 'unused']];
    expect(said(splitOf(validated, { kind: 'speaker' }))).toEqual([
      'note: The clips were split by speaker into 2 folds (seed 7); each model was trained once a fold and tested on the 200 clips held out there. Test figures take all 400 test predictions together.',
      'sound: No speaker of a test part is heard in training or validation, so the figures hold for voices that are new to the model.',
      'sound: A validation part of its own steered training; the test part was used once, for the figures given here.',
    ]);
  });

  it('calls nothing sound of a split that is to be read with caution', () => {
    const split = splitOf(
      [
        ['a', 'test'],
        ['b', 'train'],
        ['c', 'validation'],
        ['d', 'train'],
      ],
      { kind: 'speaker', cautions: ['The split tests calm, which was never trained on there.'] },
    );
    const statements = said(split);
    expect(statements[1]).toBe('caution: The split tests calm, which was never trained on there.');
    expect(statements.filter((text) => text.startsWith('sound'))).toEqual([]);
    expect(statements).toContain(
      'note: No speaker of a test part is heard in training or validation, so the figures hold for voices that are new to the model.',
    );
  });

  it('counts the speakers that some fold both trains on and tests', () => {
    const [fold] = foldSizes(
      splitOf([
        ['a', 'train'],
        ['a', 'test'],
        ['b', 'test'],
        ['c', 'validation'],
        ['c', 'test'],
        ['d', 'unused'],
      ]),
    );
    expect(fold).toEqual({
      name: 'fold 1',
      train: 1,
      validation: 1,
      test: 3,
      unused: 1,
      testSpeakers: 3,
      sharedSpeakers: 2,
    });
  });

  it('passes on what the split, the models and the user remark, a common remark once', () => {
    const split = splitOf(
      [
        ['a', 'train'],
        ['b', 'test'],
      ],
      { notes: ['of the split'] },
    );
    const models = [
      { label: 'cnn on mfcc', notes: ['of both', 'of the first'] },
      { label: 'lstm on mfcc', notes: ['of both'] },
    ];
    expect(said(split, models, ['of the user']).slice(-4)).toEqual([
      'note: of the split',
      'note: of both',
      'note: cnn on mfcc: of the first',
      'note: of the user',
    ]);
  });
});
