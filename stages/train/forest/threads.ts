import { Worker } from 'node:worker_threads';
import { growHere, type GrowTrees } from './forest.ts';
import type { GrowingTask, GrownTree } from './tree-grower.ts';
import type { TreeWorkerData } from './tree-worker.ts';

/** Grows trees on as many threads; which thread grows a tree makes no difference to it. */
export function growOnThreads(threads: number): GrowTrees {
  return async (task, count) => {
    const workers = Math.min(threads, count);
    if (workers <= 1) return growHere(task, count);
    const { workerUrl } = await import('./tree-worker.ts');
    const grown = new Array<GrownTree>(count);
    const shared = withSharedBins(task);
    await Promise.all(
      Array.from({ length: workers }, (_, first) => growInWorker(workerUrl, shared, first, workers, grown)),
    );
    return grown;
  };
}

/** The bins are what is large of a task: all threads read one copy. */
function withSharedBins(task: GrowingTask): GrowingTask {
  const bins = new Uint8Array(new SharedArrayBuffer(task.features.bins.length));
  bins.set(task.features.bins);
  return { ...task, features: { ...task.features, bins } };
}

function growInWorker(
  url: URL,
  task: GrowingTask,
  first: number,
  step: number,
  grown: GrownTree[],
): Promise<void> {
  const workerData: TreeWorkerData = { purpose: 'grow trees', task, first, step, count: grown.length };
  const expected = Math.ceil((grown.length - first) / step);
  return new Promise((resolve, reject) => {
    let received = 0;
    const worker = new Worker(url, { workerData });
    worker.on('message', ({ index, grown: tree }: { index: number; grown: GrownTree }) => {
      grown[index] = tree;
      received++;
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      if (received === expected) resolve();
      else reject(new Error(`a thread ended after ${received} of ${expected} trees`));
    });
  });
}
