import type { Cells, Column, Columns, Row, RowContext, RowFunction } from '../../../runner/kind/index.ts';
import { clipOf, requireClipColumns } from '../../audio/clip.ts';
import { requireDeltaFrames } from '../../audio/delta.ts';
import { requireFinite } from '../../audio/finite.ts';
import { DescriptorExtractor, descriptorWidth } from './descriptors.ts';
import type { AcousticParams } from './params.ts';
import { statisticsOverTime } from './statistics.ts';

export function setup({ params, columns }: RowContext<AcousticParams>): RowFunction<Row> {
  requireClipColumns(columns, 'features/acoustic');
  const widths = params.descriptors.map((name) => descriptorWidth(name, params));
  const extractors = new Map<number, DescriptorExtractor>();
  const extractorAt = (sampleRate: number): DescriptorExtractor => {
    let extractor = extractors.get(sampleRate);
    if (extractor === undefined) {
      extractor = new DescriptorExtractor(params, sampleRate);
      extractors.set(sampleRate, extractor);
    }
    return extractor;
  };
  return {
    columns: {
      features: featuresColumn(params, sumOf(widths)),
      frames: { type: 'int32' },
    } satisfies Columns,
    run(row): Cells {
      const { samples, sampleRate } = clipOf(row);
      const extractor = extractorAt(sampleRate);
      const frames = extractor.frameCount(samples.length);
      if (needsDeltas(params)) {
        requireDeltaFrames(
          frames,
          { samples: samples.length, sampleRate, hopLength: params.hopLength },
          row.id,
        );
      }
      const joined = join(extractor.compute(samples, row.id), widths, frames);
      const width = sumOf(widths);
      const features =
        params.output === 'statistics'
          ? statisticsOverTime(joined, width, params.statistics)
          : joined.slice(0, (params.steps ?? frames) * width);
      requireFinite(features, 'feature', row.id);
      return { features, frames };
    },
  };
}

function needsDeltas({ descriptors }: AcousticParams): boolean {
  return descriptors.includes('delta') || descriptors.includes('delta2');
}

function featuresColumn({ output, statistics }: AcousticParams, width: number): Column {
  return output === 'statistics'
    ? { type: 'tensor', shape: [statistics.length * width] }
    : { type: 'sequence', shape: [width] };
}

/** Puts the descriptors of each frame side by side. */
function join(parts: readonly Float32Array[], widths: readonly number[], frames: number): Float32Array {
  const width = sumOf(widths);
  const joined = new Float32Array(frames * width);
  let column = 0;
  parts.forEach((part, index) => {
    for (let frame = 0; frame < frames; frame++) {
      joined.set(part.subarray(frame * widths[index], (frame + 1) * widths[index]), frame * width + column);
    }
    column += widths[index];
  });
  return joined;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
