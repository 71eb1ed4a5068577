import { kernels, type Allocate } from '../kernels/kernels.ts';
import type { FilterStage } from './stage.ts';

/** Samples past the end of a clip in which a wide filter has faded out. */
const TAIL = 64;

/** One stage after the other. */
export class TwoStages implements FilterStage {
  private readonly first: FilterStage;
  private readonly second: FilterStage;
  private readonly lengthBetween: (samples: number) => number;

  /** @param lengthBetween samples between the stages for so many at the input. */
  constructor(first: FilterStage, second: FilterStage, lengthBetween: (samples: number) => number) {
    this.first = first;
    this.second = second;
    this.lengthBetween = lengthBetween;
  }

  run(samples: Float32Array, output: number, count: number, allocate: Allocate): void {
    const length = this.lengthBetween(samples.length) + TAIL;
    const pointer = allocate(4 * length);
    this.first.run(samples, pointer, length, allocate);
    // A copy, since the second stage may make the memory move.
    this.second.run(kernels().floats(pointer, length).slice(), output, count, allocate);
  }
}
