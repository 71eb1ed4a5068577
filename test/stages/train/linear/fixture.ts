import { sklearnFixture } from '../../sklearn-fixture.ts';

export interface LinearSolution {
  readonly weights: number[][];
  readonly intercepts: number[];
}

export interface LinearCase {
  readonly name: string;
  readonly C: number;
  readonly classWeights: 'none' | 'balanced';
  readonly features: number[][];
  readonly labels: number[];
  readonly logisticRegression: LinearSolution & { readonly probabilities: number[][] };
  readonly linearSvm: LinearSolution;
}

interface TemperatureCase {
  readonly scores: number[][];
  readonly labels: number[];
  readonly temperature: number;
}

/** Reference values written by `scripts/fixtures/sklearn-linear.py`. */
export function linearFixture(): { cases: LinearCase[]; temperatures: TemperatureCase[] } {
  return sklearnFixture('linear');
}
