import { depProblems } from '../plan/deps.ts';
import { planStates, stateJson, stateSentence } from '../plan/states.ts';
import { Lockfile } from '../record/lockfile.ts';
import type { Command } from './command.ts';
import { loadOf, openWorkspaceOf, rememberDigests, throwIfAny } from './context.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';
import { sharingOf } from './shared-cache.ts';

export interface StatusArguments extends PipelineArguments {
  readonly json: boolean;
}

export const status: Command<StatusArguments> = {
  command: 'status',
  describe: 'Say of each stage whether it would run, and why',
  examples: [['status --profile demo', 'what `pipeline run --profile demo` would do']],
  builder: (yargs) =>
    pipelineOptions(yargs).option('json', { type: 'boolean', default: false, describe: 'As JSON' }),
  async handler(args, terminal) {
    const opened = openWorkspaceOf(args);
    const pipeline = await loadOf(opened, args);
    const workspace = await sharingOf(opened, pipeline, terminal);
    throwIfAny(depProblems(workspace, pipeline));
    const states = await planStates(workspace, pipeline, Lockfile.read(workspace.lockfilePath));
    await rememberDigests(workspace);
    if (args.json) {
      const stages = [...states.values()].map(stateJson);
      terminal.stdout(`${JSON.stringify({ stages, leftOut: pipeline.leftOut }, null, 2)}\n`);
      return 0;
    }
    for (const kind of new Set(
      pipeline.instances.map(({ uses }) => (uses.type === 'kind' ? uses.name : '')),
    )) {
      if (kind !== '' && workspace.kinds.shadows(kind)) {
        terminal.stdout(`stages/${kind} is used in place of the kind ${kind} that is built in\n`);
      }
    }
    for (const state of states.values()) terminal.stdout(`${stateSentence(state)}\n`);
    for (const { name, reason } of pipeline.leftOut) terminal.stdout(`${name}: left out, ${reason}\n`);
    const count = [...states.values()].filter(({ type }) => type !== 'cached').length;
    terminal.stdout(
      count === 0 ? 'everything is up to date\n' : `${count} of ${states.size} stages are not up to date\n`,
    );
    return 0;
  },
};
