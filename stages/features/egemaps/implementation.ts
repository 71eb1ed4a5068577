import type { Columns, Row, RowContext, RowFunction } from '../../../runner/kind/index.ts';
import { clipOf, requireClipColumns } from '../../audio/clip.ts';
import { requireFinite } from '../../audio/finite.ts';
import type { EgemapsParams } from './params.ts';
import { EgemapsExtractor, functionalNames } from './extractor.ts';

export function setup({ params, columns }: RowContext<EgemapsParams>): RowFunction<Row> {
  requireClipColumns(columns, 'features/egemaps');
  const names = functionalNames(params);
  const extractor = new EgemapsExtractor(params);
  return {
    columns: {
      features: { type: 'tensor', shape: [names.length] },
      frames: { type: 'int32' },
    } satisfies Columns,
    run(row) {
      const { features, frames } = extractor.extract(clipOf(row), row.id);
      requireFinite(features, 'feature', row.id);
      return { features, frames: frames.loudness.length };
    },
  };
}
