import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { TreeGrower, type GrowingTask } from './tree-grower.ts';

/** What a thread is started with: it grows the trees `first`, `first + step`, … below `count`. */
export interface TreeWorkerData {
  readonly purpose: 'grow trees';
  readonly task: GrowingTask;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/**
 * This module's own address. It must be reached by a dynamic import, so that a bundler gives it a file of its own: a
 * thread started at that address then runs this module and nothing else.
 */
export const workerUrl = new URL(import.meta.url);

function isTreeWorkerData(data: unknown): data is TreeWorkerData {
  return typeof data === 'object' && data !== null && 'purpose' in data && data.purpose === 'grow trees';
}

if (!isMainThread && parentPort !== null && isTreeWorkerData(workerData)) {
  const { task, first, step, count } = workerData;
  const grower = new TreeGrower(task);
  for (let index = first; index < count; index += step) {
    const grown = grower.grow(index);
    const { feature, threshold, left, distributions } = grown.tree;
    parentPort.postMessage({ index, grown }, [
      feature.buffer as ArrayBuffer,
      threshold.buffer as ArrayBuffer,
      left.buffer as ArrayBuffer,
      distributions.buffer as ArrayBuffer,
      grown.importances.buffer as ArrayBuffer,
    ]);
  }
}
