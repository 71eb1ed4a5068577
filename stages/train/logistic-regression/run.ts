import { trainLinear } from '../linear/stage.ts';
import { multinomialLoss } from './loss.ts';

export const run = trainLinear({ model: 'logistic-regression', loss: multinomialLoss, notes: [] });
