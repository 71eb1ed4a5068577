import { describe, expect, it } from '@jest/globals';
import { countNetworkParameters, summarizeLayers } from '../../../../stages/train/neural/network.ts';
import { networkNames, networkOf, type NetworkName } from './networks.ts';

/** The study's layer tables: output shape and parameters. */
const tables: Record<NetworkName, string[]> = {
  lstm: [
    'LSTM [256] 264192',
    'Dense [128] 32896',
    'Dropout [128] 0',
    'Dense [64] 8256',
    'Dropout [64] 0',
    'Dense [8] 520',
  ],
  cnn: [
    'Conv1D [160,64] 256',
    'BatchNormalization [160,64] 256',
    'MaxPooling1D [80,64] 0',
    'Conv1D [80,128] 24704',
    'BatchNormalization [80,128] 512',
    'MaxPooling1D [40,128] 0',
    'Dropout [40,128] 0',
    'Conv1D [40,256] 98560',
    'BatchNormalization [40,256] 1024',
    'MaxPooling1D [20,256] 0',
    'GlobalAveragePooling1D [256] 0',
    'Dense [128] 32896',
    'Dropout [128] 0',
    'Dense [64] 8256',
    'Dropout [64] 0',
    'Dense [8] 520',
  ],
  'cnn-lstm': [
    'Conv1D [160,64] 256',
    'BatchNormalization [160,64] 256',
    'MaxPooling1D [80,64] 0',
    'Conv1D [80,128] 24704',
    'BatchNormalization [80,128] 512',
    'MaxPooling1D [40,128] 0',
    'Dropout [40,128] 0',
    'Conv1D [40,256] 98560',
    'BatchNormalization [40,256] 1024',
    'MaxPooling1D [20,256] 0',
    'LSTM [20,128] 197120',
    'LSTM [64] 49408',
    'Dense [64] 4160',
    'Dropout [64] 0',
    'Dense [32] 2080',
    'Dropout [32] 0',
    'Dense [8] 264',
  ],
};

const totals: Record<NetworkName, { total: number; trainable: number }> = {
  lstm: { total: 305_864, trainable: 305_864 },
  cnn: { total: 166_984, trainable: 166_088 },
  'cnn-lstm': { total: 378_344, trainable: 377_448 },
};

describe.each(networkNames)('%s at the study’s sizes', (name) => {
  const network = networkOf(name);

  it('has the study’s layers', () => {
    const table = summarizeLayers(network).map(
      ({ type, outputShape, parameters }) => `${type} [${outputShape.join()}] ${parameters}`,
    );
    expect(table).toEqual(tables[name]);
  });

  it('has the study’s number of parameters', () => {
    expect(countNetworkParameters(network)).toEqual(totals[name]);
  });

  it('names layers and weights as Keras does, each once', () => {
    const names = [
      ...network.layers.map((layer) => layer.name),
      ...network.weights.map((weight) => weight.name),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('dense_1/kernel');
  });
});
