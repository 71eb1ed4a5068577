import type { DrawRow } from '../../../runner/kind/index.ts';
import { clipOf } from '../../audio/clip.ts';
import { figure } from '../../pictures/figure.ts';
import { framePanel, vectorPanel } from '../../pictures/frame-panels.ts';
import { encoderParams } from './params.ts';

/** Hidden states over time as a heat map; pooled ones as curves, one for each layer where these are named. */
const draw: DrawRow = ({ row, columns, params, input }) => {
  const values = row.cells.features as Float32Array;
  const { features: column } = columns;
  const shape = 'shape' in column ? column.shape : [];
  if (column.type === 'sequence' || shape.length === 2) {
    const width = shape[shape.length - 1];
    const frames = values.length / width;
    const part = { name: 'hidden states', each: 'dimension', frames, width, values };
    // Where frames were cut off, the others do not span the clip.
    const isWhole = frames === row.cells.frames && input !== undefined;
    if (!isWhole) return figure(row.id, [[framePanel(part, undefined)]]);
    const { samples, sampleRate } = clipOf(input.row);
    return figure(row.id, [[framePanel(part, samples.length / sampleRate)]]);
  }
  const { layers, pool } = encoderParams.parse(params);
  const statistics = pool === 'mean+std' ? ['mean', 'std'] : ['mean'];
  const names = layers === 'all' ? ['all layers'] : layers.map((layer) => `layer ${layer}`);
  const parts = statistics.flatMap((statistic) => names.map((name) => `${statistic} of ${name}`));
  const size = values.length / parts.length;
  // Other params than those of the row would cut it at the wrong places.
  const fits = Number.isInteger(size);
  const panels = fits
    ? parts.map((name, index) => ({
        name,
        each: 'dimension',
        values: values.subarray(index * size, (index + 1) * size),
      }))
    : [{ name: 'features', each: 'number', values }];
  return figure(
    row.id,
    panels.map((panel) => [vectorPanel(panel)]),
  );
};

export default draw;
