import { fanInUniform } from '../neural/initializers.ts';
import { dense } from '../neural/layers/dense.ts';
import { dropout } from '../neural/layers/dropout.ts';
import type { LayerFactory } from '../neural/layers/layer.ts';
import type { MlpParams } from './params.ts';

/** What the layers depend on. */
export type MlpOptions = Pick<MlpParams, 'units' | 'inputDropout' | 'initialScale' | 'dropout'>;

/** Dropout of features, then for each hidden layer a dense one with dropout behind it. */
export function mlpNetwork(
  classes: number,
  { units, inputDropout, initialScale, dropout: rate }: MlpOptions,
): LayerFactory[] {
  const initializer = fanInUniform(initialScale);
  const hidden = units.flatMap((size) => [dense(size, 'relu', initializer), dropout(rate)]);
  return [dropout(inputDropout), ...hidden, dense(classes, 'linear', initializer)];
}
