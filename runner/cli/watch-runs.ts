import { loadPipeline } from '../config/index.ts';
import { PipelineError } from '../errors.ts';
import { select } from '../graph/index.ts';
import { planStates } from '../plan/states.ts';
import { Lockfile } from '../record/lockfile.ts';
import { type Watched, watchedPaths } from '../watch/paths.ts';
import { Watcher } from '../watch/watch.ts';
import { formatProblems, loadOf, openWorkspaceOf, type Terminal, unwrap } from './context.ts';
import type { RunArguments } from './run.ts';
import { sharingOf } from './shared-cache.ts';

/** Runs, then again whenever an edit makes a stage stale; not again for a failure whose inputs are the same. */
export async function watchRuns(
  args: RunArguments,
  terminal: Terminal,
  runOnce: (args: RunArguments) => Promise<{ readonly failedKeys: readonly string[] }>,
): Promise<number> {
  const watcher = new Watcher();
  const again: RunArguments = { ...args, force: false, forceStages: false, from: undefined, only: undefined };
  let failedKeys = new Set<string>();
  let watched: Watched | undefined;
  try {
    for (let round = args; ; round = again) {
      try {
        // Before anything is read, so that an edit meanwhile is seen.
        const workspace = openWorkspaceOf(args);
        const { file, profile, set } = args;
        const pipeline = await loadPipeline({ file, profile, set, kinds: workspace.kinds });
        watched = watchedPaths(workspace, file, pipeline, watched);
        watcher.watch(watched);
        if (round === args || (await staleKeys(args)).some((key) => !failedKeys.has(key))) {
          failedKeys = new Set((await runOnce(round)).failedKeys);
        }
      } catch (error) {
        // A mistake in pipeline.yaml or in a stage's code is shown, and mended by the next edit.
        if (!(error instanceof PipelineError)) throw error;
        terminal.stderr(formatProblems(error.problems, terminal));
      }
      if (terminal.signal.aborted) return 130;
      terminal.stderr('watching for changes; end with Ctrl-C\n');
      await watcher.change(terminal.signal);
      if (terminal.signal.aborted) return 130;
    }
  } finally {
    watcher.close();
  }
}

/** Keys of the stages that would run; a stage that waits for another has none yet. */
async function staleKeys(args: RunArguments): Promise<string[]> {
  const opened = openWorkspaceOf(args);
  const pipeline = await loadOf(opened, args);
  // What there is to say is said by the run.
  const workspace = await sharingOf(opened, pipeline, { stderr: () => undefined });
  const selected = new Set(unwrap(select(pipeline, { targets: args.stages, until: args.until })).run);
  const states = await planStates(workspace, pipeline, Lockfile.read(workspace.lockfilePath));
  return [...states.values()].flatMap((state) =>
    state.type === 'stale' && selected.has(state.name) ? [state.key] : [],
  );
}
