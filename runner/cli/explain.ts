import { resolveNames } from '../graph/index.ts';
import { planStates, stateJson, stateSentence } from '../plan/states.ts';
import { Lockfile } from '../record/lockfile.ts';
import type { Command } from './command.ts';
import { loadOf, openWorkspaceOf, rememberDigests, unwrap } from './context.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';
import { sharingOf } from './shared-cache.ts';

export interface ExplainArguments extends PipelineArguments {
  readonly stage: string;
  readonly json: boolean;
}

export const explain: Command<ExplainArguments> = {
  command: 'explain <stage>',
  describe: 'Say which part of a stage’s fingerprint changed, old → new',
  examples: [['explain mfcc', 'why mfcc would run, or which run its artifact is from']],
  builder: (yargs) =>
    pipelineOptions(yargs)
      .positional('stage', {
        type: 'string',
        demandOption: true,
        describe: 'A stage, an instance or a family',
      })
      .option('json', { type: 'boolean', default: false, describe: 'As JSON' }),
  async handler(args, terminal) {
    const opened = openWorkspaceOf(args);
    const pipeline = await loadOf(opened, args);
    const workspace = await sharingOf(opened, pipeline, terminal);
    const names = unwrap(resolveNames(pipeline, [args.stage]));
    const lockfile = Lockfile.read(workspace.lockfilePath);
    const states = await planStates(workspace, pipeline, lockfile);
    await rememberDigests(workspace);
    for (const name of names) {
      const state = states.get(name)!;
      if (args.json) {
        const fingerprint =
          state.type === 'cached' ? state.entry.fingerprint : lockfile.get(name)?.fingerprint;
        terminal.stdout(`${JSON.stringify({ ...stateJson(state), fingerprint })}\n`);
      } else terminal.stdout(`${stateSentence(state, { all: true })}\n`);
    }
    return 0;
  },
};
