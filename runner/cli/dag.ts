import { dagMermaid, dagSvg, dagText, type InstanceState } from '../graph/index.ts';
import { planStates } from '../plan/states.ts';
import { Lockfile } from '../record/lockfile.ts';
import type { Command } from './command.ts';
import { loadOf, openWorkspaceOf, rememberDigests } from './context.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';
import { sharingOf } from './shared-cache.ts';

export interface DagArguments extends PipelineArguments {
  readonly format: 'text' | 'mermaid' | 'svg';
}

const drawings = { text: dagText, mermaid: dagMermaid, svg: dagSvg };

export const dag: Command<DagArguments> = {
  command: 'dag',
  describe: 'Draw the DAG, with what is cached and what is stale',
  examples: [['dag --format svg > dag.svg', 'a picture of the DAG']],
  builder: (yargs) =>
    pipelineOptions(yargs).option('format', {
      choices: ['text', 'mermaid', 'svg'] as const,
      default: 'text' as const,
      describe: 'How to draw it',
    }),
  async handler(args, terminal) {
    const opened = openWorkspaceOf(args);
    const pipeline = await loadOf(opened, args);
    const workspace = await sharingOf(opened, pipeline, terminal);
    const planned = await planStates(workspace, pipeline, Lockfile.read(workspace.lockfilePath));
    await rememberDigests(workspace);
    const states = new Map<string, InstanceState>(
      [...planned].map(([name, { type }]) => [
        name,
        type === 'waiting' ? 'unknown' : type === 'blocked' ? 'stale' : type,
      ]),
    );
    const text = await drawings[args.format](pipeline, states);
    terminal.stdout(text.endsWith('\n') ? text : `${text}\n`);
    return 0;
  },
};
