import type { Columns, Row, RowContext, RowFunction } from '../../runner/kind/index.ts';
import { clipOf, requireClipColumns } from '../audio/clip.ts';
import { Preprocessor } from '../audio/preprocessor.ts';
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
      const clip = preprocessor.process(clipOf(row), row.id);
      return { ...clip, duration: clip.samples.length / clip.sampleRate };
    },
  };
}
