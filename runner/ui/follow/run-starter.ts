import { existsSync } from 'node:fs';
import { loadPipeline } from '../../config/index.ts';
import type { Problem } from '../../errors.ts';
import { select } from '../../graph/index.ts';
import { runPipeline } from '../../session/run.ts';
import type { RequestState, RunRequest } from '../model/messages.ts';
import type { PipelineSource } from '../plan/plan-keeper.ts';
import { problemsOf, problemViews } from '../plan/problem-view.ts';

/** Starts and stops runs, one at a time, as `pipeline run` does: by the same session, under the same lock. */
export class RunStarter {
  readonly #source: PipelineSource;
  readonly #onChange: (state: RequestState) => void;
  #state: RequestState = { type: 'idle' };
  #abort: AbortController | undefined;
  readonly #own = new Set<string>();
  #running: Promise<void> = Promise.resolve();

  constructor(source: PipelineSource, onChange: (state: RequestState) => void) {
    this.#source = source;
    this.#onChange = onChange;
  }

  get state(): RequestState {
    return this.#state;
  }

  /** Whether a run was started here. */
  owns(run: string): boolean {
    return this.#own.has(run);
  }

  /** False where one is under way already. */
  start(request: RunRequest): boolean {
    if (this.#abort !== undefined) return false;
    const abort = new AbortController();
    this.#abort = abort;
    this.#tell({ type: 'starting' });
    this.#running = this.#run(request, abort.signal)
      .then(
        (problems) => (problems.length > 0 ? this.#refused(problems) : { type: 'idle' as const }),
        // Stopped while it waited for another run: nothing has happened.
        (error: unknown) =>
          abort.signal.aborted ? { type: 'idle' as const } : this.#refused(problemsOf(error)),
      )
      .then((state) => {
        this.#abort = undefined;
        this.#tell(state);
      });
    return true;
  }

  /** False where there is nothing to stop. */
  stop(): boolean {
    this.#abort?.abort();
    return this.#abort !== undefined;
  }

  /** Stops what runs and waits until its record is written. */
  async close(): Promise<void> {
    this.stop();
    await this.#running;
  }

  async #run(request: RunRequest, signal: AbortSignal): Promise<readonly Problem[]> {
    // A page may stand open for days, and old builds of the runner are cleared away as it is edited.
    if (!existsSync(new URL('.', import.meta.url))) {
      const hint = 'End it with Ctrl-C, and start pipeline ui again.';
      return [{ message: 'the runner has been built anew since this page was started', hint }];
    }
    const { targets, from } = request;
    const { file, profile, set, open } = this.#source;
    const workspace = open();
    const pipeline = await loadPipeline({ file, profile, set, kinds: workspace.kinds });
    if (!pipeline.ok) return pipeline.problems;
    const selection = select(pipeline.value, { targets, from });
    if (!selection.ok) return selection.problems;
    const forcedBy = (from ?? []).map((name) => `--from ${name}`).join(' ');
    const result = await runPipeline(workspace, pipeline.value, selection.value, {
      jobs: undefined,
      force: false,
      keepRows: false,
      keepGoing: false,
      allowStale: false,
      adopt: false,
      publish: true,
      forcedBy,
      command: commandLine(this.#source, request),
      signal,
      emit: (event) => {
        if (event.type === 'waiting') {
          const { run, pid, command } = event.holder;
          this.#tell({ type: 'waiting', holder: `run ${run} of process ${pid}: pipeline ${command}` });
        } else if (event.type === 'run-started') {
          this.#own.add(event.run);
          this.#tell({ type: 'running' });
        }
      },
    });
    return result.ok ? [] : result.problems;
  }

  #refused(problems: readonly Problem[]): RequestState {
    return { type: 'refused', problems: problemViews(problems) };
  }

  #tell(state: RequestState): void {
    this.#state = state;
    this.#onChange(state);
  }
}

/** What one would type to run the same. */
function commandLine(source: PipelineSource, { targets = [], from = [] }: RunRequest): string {
  const { file, profile, set } = source;
  return [
    'run',
    ...targets,
    ...from.flatMap((name) => ['--from', name]),
    ...(file === 'pipeline.yaml' ? [] : ['-f', file]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...set.flatMap((each) => ['--set', each]),
  ].join(' ');
}
