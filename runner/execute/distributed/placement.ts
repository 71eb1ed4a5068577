import type { Pipeline, StageInstance } from '../../config/index.ts';

/**
 * Where a stage runs. Commands, and sources whose files lie on the client's disk, run on the client as ever; everything
 * else reads only artifacts and runs on workers.
 */
export function runsOnWorkers({ uses, inputs }: StageInstance): boolean {
  if (uses.type === 'command') return false;
  return uses.kind.type !== 'source' || 'files' in inputs;
}

/**
 * The selected stages that run on workers, in rounds: each round is a workflow, and begins once the client's stages
 * that feed it are done. There is more than one only where the client's stages lie between those of workers.
 */
export function roundsOf(pipeline: Pipeline, selected: ReadonlySet<string>): StageInstance[][] {
  const roundOf = new Map<string, number>();
  const onWorkers = new Set<string>();
  const rounds: StageInstance[][] = [];
  for (const instance of pipeline.instances) {
    if (!selected.has(instance.name)) continue;
    const remote = runsOnWorkers(instance);
    const round = Object.values(instance.inputs)
      .flat()
      .map((name) => (roundOf.get(name) ?? 0) + (onWorkers.has(name) && !remote ? 1 : 0))
      .reduce((latest, at) => Math.max(latest, at), 0);
    roundOf.set(instance.name, round);
    if (!remote) continue;
    onWorkers.add(instance.name);
    (rounds[round] ??= []).push(instance);
  }
  // A round of client's stages alone has no workflow, but keeps its number.
  return Array.from(rounds, (round) => round ?? []);
}
