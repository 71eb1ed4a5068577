import { featuresPredictor } from '../prediction/predictor.ts';
import { loadClassifier } from './load.ts';

export default featuresPredictor(loadClassifier);
