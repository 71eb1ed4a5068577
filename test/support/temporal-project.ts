import type { Project } from './rig.ts';
import { type Running, start } from './running.ts';
import { until } from './until.ts';

/** Starts a worker in a project's folder and waits until it serves. */
export async function startWorker(project: Project, temporal: readonly string[]): Promise<Running> {
  const worker = start(project, ['worker', '--threads', '1', ...temporal]);
  await until(() => {
    if (worker.child.exitCode !== null) throw new Error(`the worker ended: ${worker.printed()}`);
    return worker.printed().includes('serves');
  });
  return worker;
}

/** Ends a worker as its user would. */
export async function stopWorker(worker: Running): Promise<void> {
  worker.child.kill('SIGTERM');
  await worker.ended;
}
