export { loadClassifier } from '../neural/load.ts';
