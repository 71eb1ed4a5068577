import { StageFailure, type InputArtifact, type Table } from '../../../runner/kind/index.ts';

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
}

export interface Corpus {
  /** Sorted by id. */
  readonly clips: readonly Clip[];
  /** Those that occur, in the order of `emotionIndex`, then by name. */
  readonly emotions: readonly string[];
}

const required = ['emotion', 'emotionIndex', 'speaker'];
const optional = ['corpus', 'sex', 'statement', 'audioDigest'];

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
  const emotions = table.text('emotion');
  const corpora = textOrEmpty('corpus');
  const speakers = distinctSpeakers(table.text('speaker'), corpora);
  const sexes = textOrEmpty('sex');
  const statements = textOrEmpty('statement');
  const audioDigests = textOrEmpty('audioDigest');
  const clips = table.ids.map((id, row) => ({
    id,
    emotion: emotions[row],
    speaker: speakers[row],
    corpus: corpora[row],
    sex: sexes[row],
    statement: statements[row],
    audioDigest: audioDigests[row],
  }));
  const indices = table.numbers('emotionIndex');
  const indexOf = new Map(emotions.map((emotion, row) => [emotion, indices[row]]));
  return {
    clips: clips.sort((a, b) => compareText(a.id, b.id)),
    // Emotions without a place of their own share an index.
    emotions: [...indexOf.keys()].sort((a, b) => indexOf.get(a)! - indexOf.get(b)! || compareText(a, b)),
  };
}

/** The speakers of the rows, with their corpus before the names that occur in more than one. */
function distinctSpeakers(speakers: readonly string[], corpora: readonly string[]): string[] {
  const corporaOf = new Map<string, Set<string>>();
  for (const [row, speaker] of speakers.entries()) {
    const known = corporaOf.get(speaker);
    if (known === undefined) corporaOf.set(speaker, new Set([corpora[row]]));
    else known.add(corpora[row]);
  }
  return speakers.map((speaker, row) =>
    corporaOf.get(speaker)!.size === 1 ? speaker : `${corpora[row]}/${speaker}`,
  );
}

/** By code unit: the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
