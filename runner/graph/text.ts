import type { Pipeline, StageInstance } from '../config/pipeline.ts';
import { marks, stateOf } from './states.ts';
import type { States } from './states.ts';

/**
 * The DAG as text, a line an instance in topological order: mark, name, kind, and what it takes in. Then what is
 * left out, and what the marks mean. Without a line feed at the end.
 */
export function dagText(pipeline: Pipeline, states: States): string {
  const { instances, leftOut } = pipeline;
  const names = [...instances, ...leftOut].map(({ name }) => name.length);
  const nameWidth = Math.max(0, ...names);
  const kindWidth = Math.max(0, ...instances.map((instance) => kindOf(instance).length));
  const lines = instances.map((instance) => {
    const mark = marks[stateOf(states, instance.name)];
    const inputs = inputNames(pipeline, instance);
    const line = `${mark} ${instance.name.padEnd(nameWidth)}  ${kindOf(instance).padEnd(kindWidth)}`;
    return inputs.length === 0 ? line.trimEnd() : `${line}  ← ${inputs.join(', ')}`;
  });
  lines.push(...leftOut.map(({ name, reason }) => `- ${name.padEnd(nameWidth)}  left out: ${reason}`));
  const legend = Object.entries(marks).map(([state, mark]) => `${mark} ${state}`);
  return [...lines, '', [...legend, ...(leftOut.length > 0 ? ['- left out'] : [])].join('   ')].join('\n');
}

export function kindOf(instance: StageInstance): string {
  return instance.uses.type === 'kind'
    ? instance.uses.name
    : instance.uses.command.replaceAll(/\s+/g, ' ').trim();
}

/** The instances taken in, those of a whole matrix as `train[*]`. */
function inputNames(pipeline: Pipeline, instance: StageInstance): string[] {
  const wanted = new Set(Object.values(instance.inputs).flat());
  const names: string[] = [];
  for (const name of wanted) {
    const stage = pipeline.instances.find((candidate) => candidate.name === name)?.stage ?? name;
    const siblings = pipeline.instances.filter((candidate) => candidate.stage === stage);
    const isWhole = siblings.length > 1 && siblings.every((sibling) => wanted.has(sibling.name));
    names.push(isWhole ? `${stage}[*]` : name);
  }
  return [...new Set(names)];
}
