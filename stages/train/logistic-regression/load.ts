export { loadClassifier } from '../linear/model.ts';
