import { batchNormalization } from '../neural/layers/batch-normalization.ts';
import { conv1d } from '../neural/layers/conv1d.ts';
import { dense } from '../neural/layers/dense.ts';
import { dropout } from '../neural/layers/dropout.ts';
import type { LayerFactory } from '../neural/layers/layer.ts';
import type { ConvolutionOptions } from '../neural/params.ts';
import { lstm } from '../neural/layers/lstm.ts';
import { maxPooling1d } from '../neural/layers/pooling.ts';

/** 378,344 parameters, 377,448 of them trainable, for inputs of [160, 1] and 8 classes. */
export function cnnLstmNetwork(
  classes: number,
  { dropout: rate, convolutionDropout, batchNormMomentum }: ConvolutionOptions,
): LayerFactory[] {
  return [
    ...[conv1d(64, 3), batchNormalization(batchNormMomentum), maxPooling1d(2)],
    ...[conv1d(128, 3), batchNormalization(batchNormMomentum), maxPooling1d(2), dropout(convolutionDropout)],
    ...[conv1d(256, 3), batchNormalization(batchNormMomentum), maxPooling1d(2)],
    ...[lstm(128, true), lstm(64)],
    ...[dense(64), dropout(rate), dense(32), dropout(rate), dense(classes, 'linear')],
  ];
}
