import { StageFailure, type Columns, type Row } from '../../runner/kind/index.ts';

/** A clip of audio as it passes between stages. */
export interface Clip {
  /** Mono. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

/** @throws StageFailure where the input table holds no clips. */
export function requireClipColumns(columns: Columns, stage: string): void {
  const samples = columns.samples as Columns[string] | undefined;
  const sampleRate = columns.sampleRate as Columns[string] | undefined;
  if (samples?.type === 'sequence' && samples.shape.length === 0 && sampleRate?.type === 'int32') return;
  throw new StageFailure('the input `clips` holds no audio: it needs the columns samples and sampleRate', {
    place: stage,
    hint: 'connect `clips` to an ingest or preprocess stage',
  });
}

/** The clip in a row of a table that `requireClipColumns` has accepted. @throws StageFailure where it is unusable. */
export function clipOf(row: Row): Clip {
  const samples = row.cells.samples as Float32Array;
  const sampleRate = row.cells.sampleRate as number;
  if (samples.length === 0) {
    throw new StageFailure('a clip without samples', { place: row.id, hint: 'take the recording out' });
  }
  return { samples, sampleRate };
}
