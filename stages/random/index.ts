export { deriveSeed } from './derive-seed.ts';
export { MersenneTwister } from './mersenne-twister.ts';
export { RandomState } from './random-state.ts';
