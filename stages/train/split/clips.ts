import { StageFailure, type InputArtifact, type Table } from '../../../runner/kind/index.ts';
import { compareText } from './compare-text.ts';
import { describeLabels, describeMerged, describeNear, type Remarks } from './identity.ts';
import { recordingsOf } from './recordings.ts';
import { inOneSpelling, spellingKey, type Merged } from './spelling.ts';

export { compareText } from './compare-text.ts';

/** What a protocol may know of a clip. */
export interface Clip {
  readonly id: string;
  readonly emotion: string;
  /** Speakers of two corpora who have one name there are told apart as `<corpus>/<name>`. */
  readonly speaker: string;
  /** `''` where the table does not say. */
  readonly corpus: string;
  /** `''` where the corpus does not say; likewise `statement` and `audioDigest`. */
  readonly sex: string;
  readonly statement: string;
  /** SHA-256 of the samples: equal audio under two names has one. */
  readonly audioDigest: string;
  /** Alike for clips of one recording, be it at another level, rate, cut or codec; `audioDigest` where it is left out. */
  readonly recording?: string;
}

export interface Corpus {
  /** Sorted by id. */
  readonly clips: readonly Clip[];
  /** Those that occur, in the order of `emotionIndex`, then by name. */
  readonly emotions: readonly string[];
  /** What the names in the table say that a reader must know. */
  readonly remarks?: Remarks;
}

const required = ['emotion', 'emotionIndex', 'speaker'];
const optional = ['corpus', 'sex', 'statement', 'audioDigest', 'fingerprint'];

/** Reads the columns that protocols use; the table's audio stays on disk. */
export async function readCorpus(input: InputArtifact): Promise<Corpus> {
  const columns = await input.columns('table');
  const missing = required.filter((name) => !Object.hasOwn(columns, name));
  if (missing.length > 0) {
    throw new StageFailure(`the input \`clips\` has no column ${missing.join(', ')}`, {
      place: input.stage,
      hint: 'connect it to an ingest stage',
    });
  }
  const table = await input.table('table', [
    ...required,
    ...optional.filter((name) => Object.hasOwn(columns, name)),
  ]);
  return corpusOf(table);
}

function corpusOf(table: Table): Corpus {
  const textOrEmpty = (name: string): readonly string[] =>
    Object.hasOwn(table.columns, name) ? table.text(name) : table.ids.map(() => '');
  const corpora = inOneSpelling(textOrEmpty('corpus'));
  const emotions = inOneSpelling(table.text('emotion'));
  const speakers = inOneSpelling(table.text('speaker'), corpora.words);
  const statements = inOneSpelling(textOrEmpty('statement'));
  const sexes = inOneSpelling(textOrEmpty('sex'));
  const distinct = distinctSpeakers(speakers.words, corpora.words);
  const audioDigests = textOrEmpty('audioDigest');
  const recordings = recordingsOf(audioDigests, textOrEmpty('fingerprint'));
  const clips = table.ids.map((id, row) => ({
    id,
    emotion: emotions.words[row],
    speaker: distinct[row],
    corpus: corpora.words[row],
    sex: sexes.words[row],
    statement: statements.words[row],
    audioDigest: audioDigests[row],
    recording: recordings[row],
  }));
  const indices = table.numbers('emotionIndex');
  const indexOf = new Map<string, number>();
  for (const [row, emotion] of emotions.words.entries()) {
    indexOf.set(emotion, Math.min(indices[row], indexOf.get(emotion) ?? Infinity));
  }
  return {
    clips: clips.sort((a, b) => compareText(a.id, b.id)),
    // Emotions without a place of their own share an index.
    emotions: [...indexOf.keys()].sort((a, b) => indexOf.get(a)! - indexOf.get(b)! || compareText(a, b)),
    remarks: remarksOn(
      {
        emotion: emotions.merged,
        speaker: speakers.merged,
        statement: statements.merged,
        corpus: corpora.merged,
      },
      [...indexOf.keys()],
      distinct,
      corpora.words,
    ),
  };
}

function remarksOn(
  merged: Readonly<Record<string, readonly Merged[]>>,
  emotions: readonly string[],
  speakers: readonly string[],
  corpora: readonly string[],
): Remarks {
  const told = Object.entries(merged).map(([noun, those]) => describeMerged(noun, those));
  const byCorpus = new Map<string, Set<string>>();
  for (const [row, speaker] of speakers.entries()) {
    byCorpus.set(corpora[row], (byCorpus.get(corpora[row]) ?? new Set()).add(speaker));
  }
  return {
    notes: told.flatMap(({ notes }) => notes),
    cautions: [
      ...told.flatMap(({ cautions }) => cautions),
      ...[...byCorpus.values()].flatMap((names) =>
        describeNear(
          'speaker',
          [...names],
          6,
          'one voice may stand in training and in test: name it in one way',
        ),
      ),
      ...describeNear('emotion', emotions, 5, 'they should be one class: name it in one way'),
      ...describeLabels(emotions),
    ],
  };
}

/** The speakers of the rows, with their corpus before the names that occur in more than one. */
function distinctSpeakers(speakers: readonly string[], corpora: readonly string[]): string[] {
  const keyOf = new Map([...new Set(speakers)].map((speaker) => [speaker, spellingKey(speaker)]));
  const corporaOf = new Map<string, Set<string>>();
  for (const [row, speaker] of speakers.entries()) {
    const key = keyOf.get(speaker)!;
    const known = corporaOf.get(key);
    if (known === undefined) corporaOf.set(key, new Set([corpora[row]]));
    else known.add(corpora[row]);
  }
  return speakers.map((speaker, row) =>
    corporaOf.get(keyOf.get(speaker)!)!.size === 1 ? speaker : `${corpora[row]}/${speaker}`,
  );
}
