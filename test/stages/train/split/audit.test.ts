import { describe, expect, it } from '@jest/globals';
import { auditFolds, describeAudit, enforcePromises } from '../../../../stages/train/split/audit.ts';
import type { Clip } from '../../../../stages/train/split/clips.ts';
import { splitParams } from '../../../../stages/train/split/params.ts';
import { splitCorpus } from '../../../../stages/train/split/split.ts';
import { ravdess } from './corpora.ts';

function withDuplicate(first: string, second: string): Clip[] {
  return ravdess(6).clips.map((clip) =>
    clip.id.includes(first) || clip.id.includes(second) ? { ...clip, audioDigest: 'same' } : clip,
  );
}

const duplicated = {
  clips: withDuplicate('03-01-01-01-01-01-01.wav', '03-01-01-01-01-01-02.wav'),
  emotions: ravdess(1).emotions,
};

describe('the audit', () => {
  it('finds a speaker who stands in training and in test', () => {
    const { clips } = ravdess(2);
    const roles = clips.map((_, position) => (position < 61 ? 'train' : 'test'));
    const [audit] = auditFolds(clips, [{ name: 'made wrong', roles }]);
    expect(audit.speakers.map(({ what, parts }) => ({ what, parts }))).toEqual([
      { what: '02', parts: ['test', 'train'] },
    ]);
    expect(() => {
      enforcePromises([audit], { speakerDisjoint: true, recordingDisjoint: true });
    }).toThrow('the speaker 02 stands in test and train');
    expect(() => {
      enforcePromises([audit], { speakerDisjoint: false, recordingDisjoint: true });
    }).not.toThrow();
  });

  it('fails the run where one recording under two names crosses between speakers', () => {
    expect(() => splitCorpus(duplicated, splitParams.parse({ kind: 'leave-one-speaker-out' }))).toThrow(
      'one recording stands in test and train: Actor_01/03-01-01-01-01-01-01.wav = Actor_02/03-01-01-01-01-01-02.wav',
    );
  });

  it('fails the run likewise where the copy is at another level, rate or cut', () => {
    const clips = ravdess(6).clips.map((clip) =>
      /03-01-01-01-01-01-0[12].wav/.test(clip.id) ? { ...clip, recording: 'one' } : clip,
    );
    const audit = (): unknown =>
      splitCorpus({ ...duplicated, clips }, splitParams.parse({ kind: 'leave-one-speaker-out' }));
    expect(audit).toThrow(
      'one recording stands in test and train: Actor_01/03-01-01-01-01-01-01.wav ≈ Actor_02/03-01-01-01-01-01-02.wav',
    );
    const roles = clips.map(({ speaker }) => (speaker === '01' ? 'train' : 'validation'));
    const notes = describeAudit(auditFolds(clips, [{ name: 'made', roles }]));
    expect(notes[1]).toMatch(/01-01\.wav ≈ Actor_02.*\. \(≈: at another level, rate, cut or codec\.\)$/);
  });

  it('notes it in a random split', () => {
    const crossing = Array.from({ length: 20 }, (_, seed) =>
      splitCorpus(duplicated, splitParams.parse({ kind: 'random', seed })),
    ).find(({ audit }) => audit[0].recordings.length > 0);
    expect(crossing?.description.notes.join('\n')).toContain(
      'Audit: 1 recording stands under several names in more than one part of a fold: Actor_01/03-01-01-01-01-01-01.wav = Actor_02/',
    );
  });

  it('notes it where training and validation share it, which is no leak into the test part', () => {
    const roles = duplicated.clips.map(({ speaker }) =>
      speaker === '01' ? 'train' : speaker === '02' ? 'validation' : 'test',
    );
    const audit = auditFolds(duplicated.clips, [{ name: 'made', roles }]);
    expect(audit[0].recordings).toHaveLength(1);
    expect(() => {
      enforcePromises(audit, { speakerDisjoint: true, recordingDisjoint: true });
    }).not.toThrow();
    expect(describeAudit(audit)[1]).toBe(
      'Audit: 1 recording stands under several names in more than one part of a fold: Actor_01/03-01-01-01-01-01-01.wav = Actor_02/03-01-01-01-01-01-02.wav.',
    );
  });

  it('says in words what crosses', () => {
    const { audit, description } = splitCorpus(ravdess(6), splitParams.parse({ kind: 'speaker' }));
    expect(describeAudit(audit)).toEqual([
      'Audit: no speaker stands in more than one part of a fold.',
      'Audit: no recording stands under several names in more than one part of a fold.',
      'Audit: 2 statements are spoken in more than one part of a fold: dogs, kids.',
    ]);
    expect(description.notes).toEqual(describeAudit(audit));
  });

  it('labels the random split', () => {
    const { description } = splitCorpus(ravdess(2), splitParams.parse({}));
    expect(description.validation).toBe('test');
    expect(description.notes).toEqual([
      'Random split: each speaker is heard in training and in test, so the figures are optimistic for new speakers.',
      'The test part is used for validation too: where training stops was chosen by it, so the figures are optimistic.',
      'Audit: 2 speakers stand in more than one part of a fold: 01, 02.',
      'Audit: no recording stands under several names in more than one part of a fold.',
      'Audit: 2 statements are spoken in more than one part of a fold: dogs, kids.',
    ]);
  });

  it('takes clips without a digest for different ones', () => {
    const clips = ravdess(6).clips.map((clip) => ({ ...clip, audioDigest: '' }));
    const { audit } = splitCorpus({ ...duplicated, clips }, splitParams.parse({ kind: 'speaker' }));
    expect(audit.flatMap(({ recordings }) => recordings)).toEqual([]);
  });
});
