import type { Columns, Row, RowContext, RowFunction } from '../../runner/kind/index.ts';
import { clipOf, requireClipColumns } from '../audio/clip.ts';
import { Preprocessor } from '../audio/preprocessor.ts';
import { requireSound, type Channels } from '../audio/silence.ts';
import type { PreprocessParams } from './params.ts';

const PREPROCESSED_COLUMNS = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
  duration: { type: 'float64', unit: 's' },
  trimStart: { type: 'int32', unit: 'samples' },
  trimEnd: { type: 'int32', unit: 'samples' },
  peak: { type: 'float64' },
} as const satisfies Columns;

export function setup({ params, columns }: RowContext<PreprocessParams>): RowFunction<Row> {
  requireClipColumns(columns, 'preprocess');
  const preprocessor = new Preprocessor(params);
  return {
    columns: PREPROCESSED_COLUMNS,
    run(row) {
      const original = clipOf(row);
      if (params.silenceDb !== null) {
        const { bitDepth } = row.cells as { readonly bitDepth?: number };
        const options = { levelDb: params.silenceDb, ...(bitDepth !== undefined && { bitDepth }) };
        requireSound(original, options, channelsOf(row), row.id);
      }
      const clip = preprocessor.process(original, row.id);
      return { ...clip, duration: clip.samples.length / clip.sampleRate };
    },
  };
}

/** What the table says of the channels that a clip was mixed down from, if it does. */
function channelsOf({ cells }: Row): Channels | undefined {
  const { channels: count, channelPeak: peak } = cells;
  return typeof count === 'number' && typeof peak === 'number' ? { count, peak } : undefined;
}
