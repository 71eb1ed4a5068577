import { trainNetwork } from '../neural/stage.ts';
import { mlpNetwork } from './network.ts';
import type { MlpParams } from './params.ts';

export const run = trainNetwork<MlpParams>({ model: 'mlp', layers: mlpNetwork, reads: 'vectors' });
