import type { Columns, Row, RowContext, RowFunction } from '../../runner/kind/index.ts';
import { clipOf, requireClipColumns } from '../audio/clip.ts';
import { requireFinite } from '../audio/finite.ts';
import { augment } from './augmenter.ts';
import type { AugmentParams } from './params.ts';

const AUGMENTED_COLUMNS = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
  duration: { type: 'float64', unit: 's' },
  changes: { type: 'utf8' },
} as const satisfies Columns;

export function setup({ params, columns }: RowContext<AugmentParams>): RowFunction<Row> {
  requireClipColumns(columns, 'augment');
  return {
    columns: AUGMENTED_COLUMNS,
    run(row) {
      const clip = clipOf(row);
      requireFinite(clip.samples, 'sample', row.id);
      const { samples, changes } = augment(clip, row.id, params);
      requireFinite(samples, 'augmented sample', row.id);
      return { samples, sampleRate: clip.sampleRate, duration: samples.length / clip.sampleRate, changes };
    },
  };
}
