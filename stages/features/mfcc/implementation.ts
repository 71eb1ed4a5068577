import type { Columns, Row, RowContext, RowFunction } from '../../../runner/kind/index.ts';
import { clipOf, requireClipColumns } from '../../audio/clip.ts';
import { requireFinite } from '../../audio/finite.ts';
import type { MfccParams } from './params.ts';
import { MfccVector, vectorLength } from './vector.ts';

export function setup({ params, columns }: RowContext<MfccParams>): RowFunction<Row> {
  requireClipColumns(columns, 'features/mfcc');
  const bySampleRate = new Map<number, MfccVector>();
  const vectorAt = (sampleRate: number): MfccVector => {
    let vector = bySampleRate.get(sampleRate);
    if (vector === undefined) bySampleRate.set(sampleRate, (vector = new MfccVector(params, sampleRate)));
    return vector;
  };
  return {
    columns: {
      features: { type: 'tensor', shape: [vectorLength(params)] },
      frames: { type: 'int32' },
    } satisfies Columns,
    run(row) {
      const { samples, sampleRate } = clipOf(row);
      const { features, frames } = vectorAt(sampleRate).compute(samples, row.id);
      requireFinite(features, 'feature', row.id);
      return { features, frames };
    },
  };
}
