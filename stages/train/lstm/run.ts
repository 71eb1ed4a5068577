import { trainNetwork } from '../neural/stage.ts';
import { lstmNetwork } from './network.ts';

export const run = trainNetwork({ model: 'lstm', layers: lstmNetwork });
