import type { Pipeline } from '../config/pipeline.ts';

/** The instances that the names need, with the names themselves, in topological order. */
export function upstream(pipeline: Pipeline, names: Iterable<string>): string[] {
  const reached = new Set(names);
  for (const { name, inputs } of pipeline.instances.toReversed()) {
    if (reached.has(name)) {
      Object.values(inputs)
        .flat()
        .forEach((input) => reached.add(input));
    }
  }
  return inOrder(pipeline, reached);
}

/** The instances that need the names, with the names themselves, in topological order. */
export function downstream(pipeline: Pipeline, names: Iterable<string>): string[] {
  const reached = new Set(names);
  for (const { name, inputs } of pipeline.instances) {
    if (Object.values(inputs).some((list) => list.some((input) => reached.has(input)))) {
      reached.add(name);
    }
  }
  return inOrder(pipeline, reached);
}

/** The instances of a set in the pipeline's order. */
export function inOrder(pipeline: Pipeline, names: ReadonlySet<string>): string[] {
  return pipeline.instances.map(({ name }) => name).filter((name) => names.has(name));
}
