import { trainLinear } from '../linear/stage.ts';
import { squaredHingeLoss } from './loss.ts';

export const run = trainLinear({
  model: 'linear-svm',
  loss: squaredHingeLoss,
  notes: ['Its probabilities are the softmax of the margins: a support vector machine has none of its own.'],
});
