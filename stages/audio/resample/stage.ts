import type { Allocate } from '../kernels/kernels.ts';

/** Filters a clip and changes its rate. */
export interface FilterStage {
  /**
   * @param output where in the kernels' memory `count` float32 are put. The first lies at the time of the first
   * sample; those past the end of the samples fade out.
   */
  run(samples: Float32Array, output: number, count: number, allocate: Allocate): void;
}
