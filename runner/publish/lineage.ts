import type { CacheEntry } from '../cache/entry.ts';
import type { Pipeline, StageInstance } from '../config/index.ts';
import { Lineage } from '../predict/lineage.ts';
import type { Workspace } from '../workspace.ts';

/** An instance with the artifact that another one took in from it; undefined where the cache no longer has it. */
export interface Origin {
  readonly instance: StageInstance;
  readonly entry: CacheEntry | undefined;
}

/**
 * The instances behind an artifact, sources first, its own last, each with the artifact that really went in: by what
 * the fingerprints say, which with --allow-stale is not what the pipeline says today.
 */
export async function originsOf(
  workspace: Workspace,
  pipeline: Pipeline,
  artifacts: ReadonlyMap<string, CacheEntry>,
  name: string,
): Promise<readonly Origin[]> {
  const instances = new Map(pipeline.instances.map((instance) => [instance.name, instance]));
  const lineage = new Lineage(
    workspace.cache,
    Array.from(artifacts.values(), ({ key }) => key),
  );
  const found = new Map<string, Origin>();
  const visit = async (stage: string, entry: CacheEntry | undefined): Promise<void> => {
    const instance = instances.get(stage);
    if (instance === undefined || found.has(stage)) return;
    const inputs = entry === undefined ? {} : await lineage.inputsOf(entry);
    for (const [input, upstream] of Object.entries(instance.inputs)) {
      for (const [at, from] of upstream.entries()) await visit(from, inputs[input]?.[at]);
    }
    found.set(stage, { instance, entry });
  };
  await visit(name, artifacts.get(name));
  return [...found.values()];
}
