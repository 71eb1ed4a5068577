import type { CacheEntry } from '../../../cache/entry.ts';
import { Kinds } from '../../../code/registry.ts';
import { PipelineError } from '../../../errors.ts';
import { inputsOf } from '../../../plan/inputs.ts';
import { type ResolvedStage, Resolver } from '../../../plan/resolve.ts';
import { instanceOf, type Plan, plansFolder } from '../plan.ts';
import type { StageTask } from '../tasks.ts';
import { Refusal, refuseOtherCode, refuseOtherFiles } from './refusal.ts';
import type { Site } from './site.ts';

/** A stage of a plan that this worker has the code, the files and the inputs for. */
export interface OpenStage {
  readonly resolved: ResolvedStage;
  readonly inputs: Readonly<Record<string, readonly CacheEntry[]>>;
}

/** Opens what tasks name; plans are read once. */
export class StageOpener {
  readonly #site: Site;
  readonly #plans = new Map<string, Plan>();

  constructor(site: Site) {
    this.#site = site;
  }

  /** @throws Refusal; other errors may pass. */
  async open(task: StageTask, signal: AbortSignal): Promise<OpenStage> {
    const { workspace, home } = this.#site;
    const plan = await this.#plan(task, signal);
    const planned = plan.stages.find(({ name }) => name === task.stage);
    if (planned === undefined) throw new Error(`the plan ${task.plan} has no stage ${task.stage}`);
    // Anew for each task: the checkout may have moved on.
    const kinds = new Kinds({ workspace: workspace.folder, home });
    const resolver = new Resolver({ ...workspace, kinds });
    const instance = await instanceOf(planned, kinds).catch(refuseUnbuilt);
    if (instance === undefined) {
      const message = `this worker has no kind ${planned.kind}, which ${planned.name} uses`;
      throw new Refusal(message, 'Check out the same commit on client and workers.');
    }
    const { parts, trees } = await resolver.fixed(instance);
    refuseOtherCode(planned, parts, this.#site.sameCode);
    refuseOtherFiles(planned, trees);
    const inputs: Record<string, CacheEntry[]> = {};
    for (const [input, stages] of Object.entries(instance.inputs)) {
      inputs[input] = [];
      for (const name of stages) inputs[input].push(await this.#artifact(name, task.inputs[name]));
    }
    await workspace.digests.save().catch(() => undefined);
    return { resolved: await resolver.resolve(instance, inputsOf(instance, inputs)), inputs };
  }

  async #plan({ plan: digest, cache }: StageTask, signal: AbortSignal): Promise<Plan> {
    const known = this.#plans.get(digest);
    if (known !== undefined) return known;
    const { shared } = this.#site;
    const text = await shared.getText(plansFolder, digest, signal);
    if (text === undefined) {
      const where = shared.address === cache ? cache : `${shared.address}; the client's cache is ${cache}`;
      throw new Refusal(
        `this worker does not find the plan ${digest.slice(0, 12)} in its shared cache ${where}`,
        'Give client and workers the same shared cache.',
      );
    }
    const plan = JSON.parse(text) as Plan;
    this.#plans.set(digest, plan);
    return plan;
  }

  async #artifact(stage: string, key: string | undefined): Promise<CacheEntry> {
    if (key === undefined) throw new Error(`the task names no artifact of ${stage}`);
    const lookup = await this.#site.workspace.cache.lookup(key);
    if (lookup.type === 'hit') return lookup.entry;
    throw new Error(`the artifact of ${stage} cannot be brought from ${this.#site.shared.address}`);
  }
}

/** Code that does not build is not the plan's: that of the client did. */
function refuseUnbuilt(error: unknown): never {
  if (!(error instanceof PipelineError)) throw error;
  throw new Refusal(error.message, 'Check out the same commit on client and workers.');
}
