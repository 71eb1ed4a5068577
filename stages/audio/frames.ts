/** Frames of a clip of so many samples: one at each hop, centred on it. */
export function frameCount(samples: number, hopLength: number): number {
  return 1 + Math.floor(samples / hopLength);
}

/**
 * Calls `visit` for each centred frame of a clip, which reaches half a frame beyond either end.
 *
 * @param padding what lies beyond: zeros, or the first and the last sample repeated.
 */
export function forEachFrame(
  samples: Float32Array,
  { frameLength, hopLength, padding }: { frameLength: number; hopLength: number; padding: 'zeros' | 'edge' },
  visit: (frame: Float32Array, index: number) => void,
): void {
  const lead = frameLength / 2;
  const padded = new Float32Array(samples.length + frameLength);
  padded.set(samples, lead);
  if (padding === 'edge') {
    padded.fill(samples[0], 0, lead);
    padded.fill(samples[samples.length - 1], lead + samples.length);
  }
  const frames = frameCount(samples.length, hopLength);
  for (let index = 0; index < frames; index++) {
    visit(padded.subarray(index * hopLength, index * hopLength + frameLength), index);
  }
}
