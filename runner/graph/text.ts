import type { Pipeline, StageInstance } from '../config/pipeline.ts';
import { legendOf, marks, stateOf } from './states.ts';
import type { States } from './states.ts';

/**
 * The DAG as text, a line an instance in topological order: mark, name, kind, and what it takes in. Then what is
 * left out, and what the marks mean. Without a line feed at the end.
 */
export function dagText(pipeline: Pipeline, states: States): string {
  const { instances, leftOut } = pipeline;
  const siblings = siblingsOf(pipeline);
  const names = [...instances, ...leftOut].map(({ name }) => name.length);
  const nameWidth = Math.max(0, ...names);
  const kindWidth = Math.max(0, ...instances.map((instance) => kindOf(instance).length));
  const lines = instances.map((instance) => {
    const mark = marks[stateOf(states, instance.name)];
    const inputs = inputNames(instance, siblings);
    const line = `${mark} ${instance.name.padEnd(nameWidth)}  ${kindOf(instance).padEnd(kindWidth)}`;
    return inputs.length === 0 ? line.trimEnd() : `${line}  ← ${inputs.join(', ')}`;
  });
  lines.push(...leftOut.map(({ name, reason }) => `- ${name.padEnd(nameWidth)}  left out: ${reason}`));
  return [
    ...lines,
    '',
    [...legendOf(states), ...(leftOut.length > 0 ? ['- left out'] : [])].join('   '),
  ].join('\n');
}

export function kindOf(instance: StageInstance): string {
  return instance.uses.type === 'kind'
    ? instance.uses.name
    : instance.uses.command.replaceAll(/\s+/g, ' ').trim();
}

/** The instances of each stage with a matrix, and the stage of each instance. */
interface Siblings {
  readonly stages: ReadonlyMap<string, string>;
  readonly counts: ReadonlyMap<string, number>;
}

function siblingsOf(pipeline: Pipeline): Siblings {
  const counts = new Map<string, number>();
  pipeline.instances.forEach(({ stage }) => counts.set(stage, (counts.get(stage) ?? 0) + 1));
  return { stages: new Map(pipeline.instances.map(({ name, stage }) => [name, stage])), counts };
}

/** The instances taken in, those of a whole matrix as `train[*]`. */
function inputNames(instance: StageInstance, { stages, counts }: Siblings): string[] {
  const wanted = [...new Set(Object.values(instance.inputs).flat())];
  const taken = new Map<string, number>();
  const stageOf = (name: string): string => stages.get(name) ?? name;
  wanted.forEach((name) => taken.set(stageOf(name), (taken.get(stageOf(name)) ?? 0) + 1));
  const names = wanted.map((name) => {
    const stage = stageOf(name);
    const count = counts.get(stage) ?? 1;
    return count > 1 && taken.get(stage) === count ? `${stage}[*]` : name;
  });
  return [...new Set(names)];
}
