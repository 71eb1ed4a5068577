import type { Allocate, Kernels } from './kernels/kernels.ts';

/** Puts samples behind `lead` zeros into scratch space of `length` float32, zeros to the end; gives its place. */
export function padInto(
  kernels: Kernels,
  samples: Float32Array,
  lead: number,
  length: number,
  allocate: Allocate,
): number {
  const pointer = allocate(4 * length);
  const padded = kernels.floats(pointer, length);
  padded.fill(0, 0, lead);
  padded.set(samples, lead);
  padded.fill(0, lead + samples.length);
  return pointer;
}
