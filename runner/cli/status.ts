import { few } from '../outs/index.ts';
import { depProblems } from '../plan/deps.ts';
import { planStates, type PlannedState, stateJson, stateSentence } from '../plan/states.ts';
import { Lockfile } from '../record/lockfile.ts';
import { type ShownState, shownStates } from '../session/shown.ts';
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
    const lockfile = Lockfile.read(workspace.lockfilePath);
    const states = await planStates(workspace, pipeline, lockfile);
    const shown = await shownStates(workspace, pipeline, states, lockfile);
    await rememberDigests(workspace);
    if (args.json) {
      const stages = Array.from(states.values(), (state) => {
        const { elsewhere = [], refused } = shown.get(state.name) ?? {};
        return {
          ...stateJson(state),
          ...(elsewhere.length > 0 && { notShown: elsewhere }),
          ...(refused !== undefined && { refused: refused.message }),
        };
      });
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
    for (const state of states.values()) {
      const { elsewhere = [], refused } = shown.get(state.name) ?? {};
      const but =
        elsewhere.length === 0
          ? ''
          : `; ${few(elsewhere)} ${elsewhere.length === 1 ? 'shows' : 'show'} something else`;
      terminal.stdout(`${stateSentence(state)}${but}\n`);
      if (refused !== undefined) terminal.stdout(`  ${refused.message}\n`);
    }
    for (const { name, reason } of pipeline.leftOut) terminal.stdout(`${name}: left out, ${reason}\n`);
    terminal.stdout(`${verdict([...states.values()], [...shown.values()])}\n`);
    return 0;
  },
};

function verdict(states: readonly PlannedState[], shown: readonly ShownState[]): string {
  const refused = shown.find((one) => one.refused !== undefined)?.refused;
  const count = states.filter(({ type }) => type !== 'cached').length;
  const elsewhere = shown.filter((one) => one.elsewhere.length > 0).length;
  return [
    ...(refused === undefined
      ? []
      : [`pipeline run would refuse: what stands at outs is no stage's. ${refused.hint ?? ''}`]),
    ...(count > 0 ? [`${count} of ${states.length} stages are not up to date`] : []),
    ...(elsewhere > 0 && refused === undefined
      ? [
          `the files of ${elsewhere} of ${states.length} stages are not what the cache has; pipeline run puts them back`,
        ]
      : []),
    ...(count === 0 && shown.length === 0 ? ['everything is up to date'] : []),
  ].join('\n');
}
