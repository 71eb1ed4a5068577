import { StageFailure, type InputArtifact } from '../../../runner/kind/index.ts';

/** Mono audio. */
export interface Sound {
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

/** A clip as it was recorded and as the features saw it, as far as these are given. */
export interface Recording {
  readonly original: Sound | undefined;
  readonly processed: ProcessedSound | undefined;
}

export interface ProcessedSound extends Sound {
  /** What was kept, in seconds of the original. */
  readonly keptFrom: number;
  readonly keptTo: number;
}

/** Where recordings come from: an ingest and a preprocess artifact, each of which may be missing. */
export interface RecordingSources {
  readonly clips: InputArtifact | undefined;
  readonly audio: InputArtifact | undefined;
}

/** Reads the recordings named, by clip; only those are held in memory. */
export async function readRecordings(
  { clips, audio }: RecordingSources,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Recording>> {
  const originals = new Map<string, Sound>();
  const processed = new Map<string, ProcessedSound>();
  if (clips) {
    for await (const { id, cells } of clips.rows('table', ['samples', 'sampleRate'])) {
      if (wanted.has(id)) originals.set(id, soundOf(cells));
    }
  }
  if (audio) {
    for await (const { id, cells } of audio.rows('table', [
      'samples',
      'sampleRate',
      'trimStart',
      'trimEnd',
    ])) {
      if (!wanted.has(id)) continue;
      const sound = soundOf(cells);
      const keptFrom = (cells.trimStart as number) / sound.sampleRate;
      const keptTo = (cells.trimEnd as number) / sound.sampleRate;
      processed.set(id, { ...sound, keptFrom, keptTo });
    }
  }
  return new Map(
    [...wanted].map((id) => [id, { original: originals.get(id), processed: processed.get(id) }]),
  );
}

/** Durations in seconds by clip. */
export async function readDurations(artifact: InputArtifact): Promise<Map<string, number>> {
  const columns = await artifact.columns();
  if (!Object.hasOwn(columns, 'duration') || !Object.hasOwn(columns, 'samples')) {
    throw new StageFailure('it holds no recordings: it needs the columns samples and duration', {
      place: artifact.stage,
      hint: 'let `clips` name an ingest stage, and `audio` a preprocess stage',
    });
  }
  const table = await artifact.table('table', ['duration']);
  const durations = table.numbers('duration');
  return new Map(table.ids.map((id, row) => [id, durations[row]]));
}

/** The digest of each clip's samples by clip: equal audio under several names has one. Empty where they are not known. */
export async function readRecordingNames(artifact: InputArtifact): Promise<Map<string, string>> {
  if (!Object.hasOwn(await artifact.columns(), 'audioDigest')) return new Map();
  const table = await artifact.table('table', ['audioDigest']);
  const digests = table.text('audioDigest');
  return new Map(
    table.ids.flatMap((id, row): [string, string][] => (digests[row] === '' ? [] : [[id, digests[row]]])),
  );
}

/** Rows may lie in a buffer that is used again: the samples are copied. */
function soundOf(cells: Readonly<Record<string, unknown>>): Sound {
  return {
    samples: Float32Array.from(cells.samples as Float32Array),
    sampleRate: cells.sampleRate as number,
  };
}
