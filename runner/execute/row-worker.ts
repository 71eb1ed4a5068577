import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from './failure.ts';
import { RowRunner, type RowResult, type RowRunnerOptions, type RowTask } from './row-runner.ts';

/** The entry of a worker thread that computes rows. */
const port = parentPort!;

async function serve(): Promise<void> {
  const runner = await RowRunner.create(workerData as RowRunnerOptions);
  port.on('message', (message: { type: 'run'; tasks: readonly RowTask[] } | { type: 'close' }) => {
    if (message.type === 'close') {
      void runner.close().finally(() => {
        port.close();
      });
      return;
    }
    void runner.run(message.tasks).then((results) => {
      port.postMessage({ type: 'results', results }, buffersOf(results));
    });
  });
  port.postMessage({ type: 'ready', columns: runner.columns, notes: runner.notes });
}

serve().catch((error: unknown) => {
  port.postMessage({ type: 'failed', failure: failureOf(error) });
});

/** The memory behind the results' arrays, to be moved rather than copied; shared and partial buffers are copied. */
function buffersOf(results: readonly RowResult[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const result of results) {
    if (!result.ok) continue;
    for (const cell of Object.values(result.cells)) {
      if (!(cell instanceof Float32Array) || !(cell.buffer instanceof ArrayBuffer)) continue;
      if (cell.byteLength === cell.buffer.byteLength) buffers.add(cell.buffer);
    }
  }
  return [...buffers];
}
