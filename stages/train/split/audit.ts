import { StageFailure } from '../../../runner/kind/index.ts';
import type { Clip } from './clips.ts';
import type { Role, SplitFold } from './protocols/protocol.ts';

/** Something shared by clips of more than one part of a fold: a speaker, a recording, a statement. */
export interface Crossing {
  readonly what: string;
  readonly parts: readonly Role[];
  readonly clips: readonly string[];
}

/** A recording that does. */
export interface RecordingCrossing extends Crossing {
  /** Whether the samples are equal; otherwise they are of one recording at another level, rate, cut or codec. */
  readonly equal: boolean;
}

/** What crosses between the parts of one fold. */
export interface FoldAudit {
  readonly fold: string;
  readonly speakers: readonly Crossing[];
  /** One recording under several names. */
  readonly recordings: readonly RecordingCrossing[];
  readonly statements: readonly Crossing[];
}

/** What a protocol promises not to cross. */
export interface Promises {
  readonly speakerDisjoint: boolean;
  readonly recordingDisjoint: boolean;
}

/** Looks for what training shares with validation and test. `folds[k].roles[i]` is of `clips[i]`. */
export function auditFolds(clips: readonly Clip[], folds: readonly SplitFold[]): FoldAudit[] {
  const digestOf = new Map(clips.map(({ id, audioDigest }) => [id, audioDigest]));
  return folds.map(({ name, roles }) => ({
    fold: name,
    speakers: crossings(clips, roles, (clip) => clip.speaker),
    recordings: crossings(clips, roles, (clip) => clip.recording ?? clip.audioDigest).map((crossing) => ({
      ...crossing,
      equal: new Set(crossing.clips.map((id) => digestOf.get(id))).size === 1,
    })),
    statements: crossings(clips, roles, (clip) => clip.statement),
  }));
}

/**
 * Throws StageFailure where something crosses that the protocol promises to keep apart. A recording that stands in
 * training and in validation under two names is no leak into the test part, and is only noted.
 */
export function enforcePromises(audits: readonly FoldAudit[], promises: Promises): void {
  for (const { fold, speakers, recordings } of audits) {
    if (promises.speakerDisjoint && speakers.length > 0) {
      const [{ what, parts }] = speakers;
      throw new StageFailure(`the speaker ${what} stands in ${parts.join(' and ')}`, { place: fold });
    }
    const leak = recordings.find(({ parts }) => parts.includes('test'));
    if (promises.recordingDisjoint && leak !== undefined) {
      throw new StageFailure(
        `one recording stands in ${leak.parts.join(' and ')}: ${leak.clips.join(signOf(leak))}`,
        {
          place: fold,
          hint: leak.equal
            ? 'remove all but one of these files from the corpus: the audio is the same under several names'
            : 'remove all but one of these files from the corpus: they are one recording at another level, rate, cut or codec',
        },
      );
    }
  }
}

/** The audit in sentences, for the report. */
export function describeAudit(audits: readonly FoldAudit[]): string[] {
  const distinct = (kind: 'speakers' | 'statements'): Map<string, Crossing> =>
    new Map(audits.flatMap((audit) => audit[kind]).map((crossing) => [crossing.what, crossing]));
  const speakers = [...distinct('speakers').keys()].sort();
  const recordings = [
    ...new Map(audits.flatMap((audit) => audit.recordings).map((each) => [each.what, each])).values(),
  ];
  const anotherWay = recordings.some(({ equal }) => !equal);
  const statements = [...distinct('statements').keys()].sort();
  return [
    sentence('speaker', 'stands', speakers, ', '),
    sentence(
      'recording',
      'stands under several names',
      recordings.map((each) => each.clips.join(signOf(each))),
      '; ',
    ) + (anotherWay ? ' (≈: at another level, rate, cut or codec.)' : ''),
    sentence('statement', 'is spoken', statements, ', '),
  ];
}

function signOf({ equal }: RecordingCrossing): string {
  return equal ? ' = ' : ' ≈ ';
}

/** `verb`: of one thing; in the plural its first word changes. */
function sentence(noun: string, verb: string, things: readonly string[], separator: string): string {
  const where = 'in more than one part of a fold';
  if (things.length === 0) return `Audit: no ${noun} ${verb} ${where}.`;
  const plural = verb.replace(/^stands/, 'stand').replace(/^is/, 'are');
  const subject = things.length === 1 ? `1 ${noun} ${verb}` : `${things.length} ${noun}s ${plural}`;
  return `Audit: ${subject} ${where}: ${things.join(separator)}.`;
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
