import type { RemoteRecord } from '../../../record/runs.ts';
import { temporalPlace } from '../connection.ts';
import { loadSdk } from '../sdk.ts';

const answerMilliseconds = 3000;

/**
 * What became of a run's workflows that it detached from, by id: `running`, `completed`, …. Empty where Temporal cannot
 * be asked; how it is reached beside its address is taken from the environment.
 */
export async function statusOfDetached(
  remote: Extract<RemoteRecord, { executor: 'temporal' }>,
  home: string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const detached = remote.workflows.filter(({ state }) => state === 'detached');
  try {
    const sdk = await loadSdk('client', home);
    const { connection: how } = temporalPlace({ address: remote.address }, process.env);
    const connection = await sdk.Connection.connect({ ...how, connectTimeout: `${answerMilliseconds} ms` });
    const client = new sdk.Client({ connection, namespace: remote.namespace });
    for (const { id, run } of detached) {
      const { status } = await connection.withDeadline(Date.now() + answerMilliseconds, () =>
        client.workflow.getHandle(id, run).describe(),
      );
      found.set(id, status.name.toLowerCase().replaceAll('_', ' '));
    }
    await connection.close();
  } catch {
    // A list of runs is of use without it.
  }
  return found;
}
