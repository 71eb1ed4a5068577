import type { Cells, Columns, Row, RowContext, RowFunction } from '../../runner/kind/index.ts';
import { requireClipColumns, clipOf } from '../audio/clip.ts';
import { requireFinite } from '../audio/finite.ts';
import { normalizePeak, peakOf } from '../audio/peak.ts';
import { ResamplerPool } from '../audio/resample/pool.ts';
import { trimSpan } from '../audio/trim.ts';
import type { PreprocessParams } from './params.ts';

export const PREPROCESSED_COLUMNS = {
  samples: { type: 'sequence', shape: [] },
  sampleRate: { type: 'int32', unit: 'Hz' },
  duration: { type: 'float64', unit: 's' },
  trimStart: { type: 'int32', unit: 'samples' },
  trimEnd: { type: 'int32', unit: 'samples' },
  peak: { type: 'float64' },
} as const satisfies Columns;

/** Resamples, trims and normalises, in the order of librosa's `load`, `effects.trim` and `util.normalize`. */
export function setup({ params, columns }: RowContext<PreprocessParams>): RowFunction<Row> {
  requireClipColumns(columns, 'preprocess');
  const resamplers = new ResamplerPool(params.sampleRate);
  return { columns: PREPROCESSED_COLUMNS, run: (row) => preprocessRow(row, params, resamplers) };
}

function preprocessRow(row: Row, params: PreprocessParams, resamplers: ResamplerPool): Cells {
  const clip = clipOf(row);
  const resampled = resamplers.from(clip.sampleRate).resample(clip.samples);
  const { start, end } =
    params.trimDb === null ? { start: 0, end: resampled.length } : trimSpan(resampled, params.trimDb);
  const trimmed = resampled.subarray(start, end);
  const peak = peakOf(trimmed);
  const samples = params.normalize === 'peak' ? normalizePeak(trimmed, peak) : trimmed.slice();
  requireFinite(samples, 'preprocessed sample', row.id);
  return {
    samples,
    sampleRate: params.sampleRate,
    duration: samples.length / params.sampleRate,
    trimStart: start,
    trimEnd: end,
    peak,
  };
}
