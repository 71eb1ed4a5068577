import type { ConvolutionalTrainingParams } from '../neural/params.ts';
import { trainNetwork } from '../neural/stage.ts';
import { cnnLstmNetwork } from './network.ts';

export const run = trainNetwork<ConvolutionalTrainingParams>({ model: 'cnn-lstm', layers: cnnLstmNetwork });
