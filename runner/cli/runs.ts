import { duration } from '../logging/duration.ts';
import type { RemoteRecord, RunRecord } from '../record/runs.ts';
import type { Command } from './command.ts';
import { openWorkspaceOf, productHome } from './context.ts';

export interface RunsArguments {
  readonly file: string;
  readonly json: boolean;
  readonly limit: number;
}

export const runs: Command<RunsArguments> = {
  command: 'runs',
  describe: 'List the record of runs, the newest first',
  examples: [['runs --limit 5', 'the last five runs']],
  builder: (yargs) =>
    yargs
      .option('file', { alias: 'f', type: 'string', default: 'pipeline.yaml', describe: 'The pipeline' })
      .option('limit', { type: 'number', default: 20, describe: 'How many' })
      .option('json', { type: 'boolean', default: false, describe: 'As JSON' }),
  async handler(args, terminal) {
    const records = openWorkspaceOf(args).runs.list().slice(0, args.limit);
    if (args.json) terminal.stdout(`${JSON.stringify(records, null, 2)}\n`);
    else if (records.length === 0) terminal.stdout('no run yet\n');
    else {
      for (const record of records) {
        const where = await remoteText(record);
        terminal.stdout(`${line(record)}${where}\n`);
      }
    }
    return 0;
  },
};

/** Of a run whose stages ran elsewhere: where, and of one that detached, what has become of it since. */
async function remoteText({ remote }: RunRecord): Promise<string> {
  if (remote === undefined) return '';
  const parts = remote.executor === 'temporal' ? remote.workflows : remote.submissions;
  const detached = parts.some(({ state }) => state === 'detached');
  const now = detached ? await statusOf(remote) : undefined;
  const texts = parts.map(({ id, state }) => {
    const status = state === 'detached' ? now?.get(id) : undefined;
    return `${id} ${state}${status === undefined ? '' : `, now ${status}`}`;
  });
  const where = remote.executor === 'temporal' ? remote.address : remote.cluster;
  return `  [${remote.executor} at ${where}: ${texts.join('; ')}]`;
}

/** Asks whoever runs the stages; nothing of that is loaded otherwise. */
async function statusOf(remote: RemoteRecord): Promise<ReadonlyMap<string, string>> {
  if (remote.executor === 'temporal') {
    const temporal = await import('../execute/temporal/client/workflow-status.ts');
    return temporal.statusOfDetached(remote, productHome());
  }
  const slurm = await import('../execute/slurm/client/submission-status.ts');
  return slurm.statusOfDetached(remote);
}

function line({ id, ok, wallMs, command, stages }: RunRecord): string {
  const count = (status: string): number =>
    Object.values(stages).filter((stage) => stage.status === status).length;
  const counts = ['ran', 'cached', 'failed', 'skipped', 'interrupted']
    .map((status) => [count(status), status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`)
    .join(', ');
  return `${id}  ${ok ? 'done  ' : 'failed'}  ${duration(wallMs).padStart(12)}  ${counts}  pipeline ${command}`;
}
