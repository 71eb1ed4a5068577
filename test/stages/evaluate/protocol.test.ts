import { describe, expect, it } from '@jest/globals';
import { foldSizes, protocolOf } from '../../../stages/evaluate/evaluation/protocol.ts';
import { testedClips } from '../../../stages/evaluate/evaluation/tested.ts';
import type { Choice } from '../../../stages/evaluate/evaluation/types.ts';
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
  models: { label: string; notes: string[]; cautions?: string[] }[] = [],
  notes: string[] = [],
  choice: Choice = { by: 'validation', order: ['one'], nested: null },
): string[] {
  return protocolOf(split, foldSizes(split), {
    models: models.map((model) => ({ cautions: [], ...model })),
    notes,
    unused: [],
    checkedScalers: 0,
    tested: testedClips(split, new Map()),
    choice,
    leftOut: [],
  }).map(({ tone, text }) => `${tone}: ${text}`);
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
      'caution: One split and one training a model: how much the figures would move with another split or seed is not known.',
      'caution: The test figures rest on 2 predictions: one of them is worth 50.0 points of accuracy.',
      'caution: No intervals and no tests of differences: the test parts hold 2 clips: with fewer than 5 nothing can be said of how others would come out.',
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
      'caution: No intervals and no tests of differences: the test parts hold 2 speakers: with fewer than 5 nothing can be said of how others would come out.',
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

  const sixSpeakers = splitOf([
    ...['a', 'b', 'c', 'd', 'e', 'f'].flatMap((speaker): [string, Role][] => [
      [speaker, 'test'],
      [speaker, 'test'],
    ]),
    ['g', 'train'],
  ]);

  it('says which figures chose, and what choosing by them gives', () => {
    const nested = { testAccuracy: 0.5, uar: 0.45, macroF1: 0.4, stages: ['one'] };
    const order = ['one', 'two'];
    expect(said(sixSpeakers, [], [], { by: 'validation', order, nested })).toContain(
      'sound: Models are ranked by their validation figures, not by test figures. Chosen in each fold by that fold’s validation part alone, the models name 50.0% of the test clips correctly (UAR 45.0%): that is what choosing among these models gives on new data of this kind.',
    );
    expect(said(sixSpeakers, [], [], { by: 'test', order, nested: null })).toContain(
      'caution: There are no validation figures: the best of 2 models is chosen on the test part, which flatters its test figures.',
    );
    expect(said(sixSpeakers).join()).not.toMatch(/chosen|ranked/);
  });

  it('says what intervals and tests take to be independent', () => {
    expect(said(sixSpeakers)).toContain(
      'note: Intervals and tests of differences take the 6 test speakers to be independent, not their clips; a clip that several repetitions test counts once.',
    );
    const unknown = splitOf([
      ...Array.from({ length: 6 }, (): [string, Role] => ['', 'test']),
      ['', 'train'],
    ]);
    expect(said(unknown)).toContain(
      'caution: No two test clips are known to be of one speaker, so intervals and tests take every clip to be independent of the others. If some are of one voice, the intervals are too narrow and p too small.',
    );
  });

  it('cautions where models say that their training is worth little', () => {
    const models = [
      { label: 'cnn on mfcc', notes: [], cautions: ['one clip'] },
      { label: 'lstm on mfcc', notes: [], cautions: ['one clip', 'one emotion'] },
    ];
    const cautions = said(sixSpeakers, models).filter((text) => /one (clip|emotion)$/.test(text));
    expect(cautions).toEqual(['caution: one clip', 'caution: lstm on mfcc: one emotion']);
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
