import { loadPipeline, type Pipeline } from '../../config/index.ts';
import { type Watched, watchedPaths } from '../../watch/paths.ts';
import { Watcher } from '../../watch/watch.ts';
import type { Workspace } from '../../workspace.ts';
import type { PlanView } from '../model/plan.ts';
import { planView } from './plan-view.ts';
import { problemsOf, problemViews } from './problem-view.ts';

/** Which pipeline is shown. */
export interface PipelineSource {
  /** Opened anew for each look, since what a workspace has read of code and files is kept with it. */
  readonly open: () => Workspace;
  readonly file: string;
  readonly profile: string | undefined;
  readonly set: readonly string[];
}

/** Keeps the plan of a pipeline up to date: with each edit of what it is made of, and when asked to. */
export class PlanKeeper {
  readonly #source: PipelineSource;
  readonly #onChange: (view: PlanView) => void;
  readonly #watcher = new Watcher();
  #view: PlanView = { type: 'loading' };
  #workspace: Workspace;
  #pipeline: Pipeline | undefined;
  #watched: Watched | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(source: PipelineSource, onChange: (view: PlanView) => void) {
    this.#source = source;
    this.#onChange = onChange;
    this.#workspace = source.open();
  }

  get view(): PlanView {
    return this.#view;
  }

  /** As it was at the last look. */
  get workspace(): Workspace {
    return this.#workspace;
  }

  /** As it was when it last could be read. */
  get pipeline(): Pipeline | undefined {
    return this.#pipeline;
  }

  /** Looks, and again after each edit, until the signal is aborted. */
  async watch(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await this.refresh();
        await this.#watcher.change(signal);
      }
    } finally {
      this.#watcher.close();
    }
  }

  /** Looks anew; asked for in the middle of a look, once more after it. */
  async refresh(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      this.#view = await this.#look();
      this.#onChange(this.#view);
    }
  }

  async #look(): Promise<PlanView> {
    const { file, profile, set } = this.#source;
    try {
      const workspace = this.#source.open();
      this.#workspace = workspace;
      const pipeline = await loadPipeline({ file, profile, set, kinds: workspace.kinds });
      // Before anything else is read, so that an edit meanwhile is seen.
      this.#watched = watchedPaths(workspace, file, pipeline, this.#watched);
      this.#watcher.watch(this.#watched);
      if (!pipeline.ok) return { type: 'broken', problems: problemViews(pipeline.problems) };
      this.#pipeline = pipeline.value;
      return await planView(workspace, pipeline.value);
    } catch (error) {
      // Code of a kind that does not build, a file that may not be read: shown, and mended by the next edit.
      return { type: 'broken', problems: problemViews(problemsOf(error)) };
    }
  }
}
