import { cnnLstmNetwork } from '../../../../stages/train/cnn-lstm/network.ts';
import { cnnNetwork } from '../../../../stages/train/cnn/network.ts';
import { lstmNetwork } from '../../../../stages/train/lstm/network.ts';
import { sequential, type Network } from '../../../../stages/train/neural/network.ts';
import type { Batch } from '../../../../stages/train/neural/trainer.ts';
import { randomStream } from '../../../../stages/train/neural/random.ts';

export const networkNames = ['lstm', 'cnn', 'cnn-lstm'] as const;
export type NetworkName = (typeof networkNames)[number];

/** One of the study's networks, by default at the study's sizes and without dropout. */
export function networkOf(name: NetworkName, inputShape = [160, 1], classes = 8, dropout = 0): Network {
  const rates = { dropout, convolutionDropout: dropout, batchNormMomentum: 0.9 };
  const layers = { lstm: lstmNetwork, cnn: cnnNetwork, 'cnn-lstm': cnnLstmNetwork }[name];
  return sequential(inputShape, layers(classes, rates));
}

/** Rows of noise in which the label shows. */
export function someBatch(network: Network, rows: number, seed: number): Batch {
  const random = randomStream(seed);
  const dimension = network.inputShape.reduce((product, size) => product * size, 1);
  const inputs = Float32Array.from({ length: rows * dimension }, () => random.normal());
  const targets = new Float32Array(rows * network.classes);
  for (let row = 0; row < rows; row++) {
    const label = row % network.classes;
    targets[row * network.classes + label] = 1;
    for (let i = 0; i < dimension; i += 4) inputs[row * dimension + i] += label - network.classes / 2;
  }
  return { rows, inputs, targets, weights: new Float32Array(rows).fill(1) };
}
