import { dense } from '../neural/layers/dense.ts';
import { dropout } from '../neural/layers/dropout.ts';
import type { LayerFactory } from '../neural/layers/layer.ts';
import type { MlpParams } from './params.ts';

/** Dropout of features, then for each hidden layer a dense one with dropout behind it. */
export function mlpNetwork(
  classes: number,
  { units, inputDropout, dropout: rate }: Pick<MlpParams, 'units' | 'inputDropout' | 'dropout'>,
): LayerFactory[] {
  const hidden = units.flatMap((size) => [dense(size), dropout(rate)]);
  return [dropout(inputDropout), ...hidden, dense(classes, 'linear')];
}
