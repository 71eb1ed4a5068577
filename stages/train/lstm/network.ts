import type { LayerFactory } from '../neural/layers/layer.ts';
import { dense } from '../neural/layers/dense.ts';
import { dropout } from '../neural/layers/dropout.ts';
import { lstm } from '../neural/layers/lstm.ts';

/** 305,864 parameters for inputs of [160, 1] and 8 classes. */
export function lstmNetwork(classes: number, rates: { readonly dropout: number }): LayerFactory[] {
  return [
    lstm(256),
    dense(128),
    dropout(rates.dropout),
    dense(64),
    dropout(rates.dropout),
    dense(classes, 'linear'),
  ];
}
