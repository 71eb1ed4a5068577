import { StageFailure } from '../../../runner/kind/index.ts';
import type { Clip } from './clips.ts';
import type { Role, SplitFold } from './protocols/protocol.ts';

/** Something shared by clips of more than one part of a fold: a speaker, a recording, a statement. */
export interface Crossing {
  readonly what: string;
  readonly parts: readonly Role[];
  readonly clips: readonly string[];
}

/** What crosses between the parts of one fold. */
export interface FoldAudit {
  readonly fold: string;
  readonly speakers: readonly Crossing[];
  /** Equal audio under several names. */
  readonly recordings: readonly Crossing[];
  readonly statements: readonly Crossing[];
}

/** What a protocol promises not to cross. */
export interface Promises {
  readonly speakerDisjoint: boolean;
  readonly recordingDisjoint: boolean;
}

/** Looks for what training shares with validation and test. `folds[k].roles[i]` is of `clips[i]`. */
export function auditFolds(clips: readonly Clip[], folds: readonly SplitFold[]): FoldAudit[] {
  return folds.map(({ name, roles }) => ({
    fold: name,
    speakers: crossings(clips, roles, (clip) => clip.speaker),
    recordings: crossings(clips, roles, (clip) => clip.audioDigest),
    statements: crossings(clips, roles, (clip) => clip.statement),
  }));
}

/** Throws StageFailure where something crosses that the protocol promises to keep apart. */
export function enforcePromises(audits: readonly FoldAudit[], promises: Promises): void {
  for (const { fold, speakers, recordings } of audits) {
    if (promises.speakerDisjoint && speakers.length > 0) {
      const [{ what, parts }] = speakers;
      throw new StageFailure(`the speaker ${what} stands in ${parts.join(' and ')}`, { place: fold });
    }
    if (promises.recordingDisjoint && recordings.length > 0) {
      const [{ clips, parts }] = recordings;
      throw new StageFailure(`one recording stands in ${parts.join(' and ')}: ${clips.join(' = ')}`, {
        place: fold,
        hint: 'remove all but one of these files from the corpus: the audio is the same under several names',
      });
    }
  }
}

/** The audit in sentences, for the report. */
export function describeAudit(audits: readonly FoldAudit[]): string[] {
  const distinct = (crossing: (audit: FoldAudit) => readonly Crossing[]): string[] =>
    [...new Set(audits.flatMap((audit) => crossing(audit).map(({ what }) => what)))].sort();
  const speakers = distinct((audit) => audit.speakers);
  const statements = distinct((audit) => audit.statements);
  const recordings = new Map(
    audits.flatMap((audit) => audit.recordings.map(({ what, clips }) => [what, clips.join(' = ')])),
  );
  return [
    speakers.length === 0
      ? 'Audit: no speaker stands in more than one part of a fold.'
      : `Audit: ${speakers.length} speakers stand in more than one part of a fold: ${speakers.join(', ')}.`,
    recordings.size === 0
      ? 'Audit: no recording stands in more than one part of a fold under another name.'
      : `Audit: ${recordings.size} recordings stand in more than one part of a fold: ${[...recordings.values()].join('; ')}.`,
    statements.length === 0
      ? 'Audit: no statement is spoken in more than one part of a fold.'
      : `Audit: ${statements.length} statements are spoken in more than one part of a fold: ${statements.join(', ')}.`,
  ];
}

function crossings(
  clips: readonly Clip[],
  roles: readonly Role[],
  keyOf: (clip: Clip) => string,
): Crossing[] {
  const groups = new Map<string, number[]>();
  clips.forEach((clip, position) => {
    const key = keyOf(clip);
    if (key === '' || roles[position] === 'unused') return;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [position]);
    else group.push(position);
  });
  return [...groups]
    .map(([what, positions]) => ({
      what,
      parts: [...new Set(positions.map((position) => roles[position]))].sort(),
      clips: positions.map((position) => clips[position].id),
    }))
    .filter(({ parts }) => parts.length > 1);
}
