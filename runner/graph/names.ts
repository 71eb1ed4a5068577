import { matches, parseReference } from '../config/names.ts';
import type { Pipeline } from '../config/pipeline.ts';
import { suggestion } from '../config/suggest.ts';
import { failure, success } from '../errors.ts';
import type { Problem, Result } from '../errors.ts';
import { inOrder } from './reach.ts';

/**
 * The instances that names on the command line stand for, in topological order: a stage, an instance or several as
 * in `train[*,mfcc]`, or a family of kinds. Where a stage and a family share a name, both are meant.
 */
export function resolveNames(pipeline: Pipeline, names: readonly string[]): Result<string[]> {
  const found = new Set<string>();
  const problems: Problem[] = [];
  for (const name of names) {
    const instances = instancesNamed(pipeline, name);
    instances.forEach((instance) => found.add(instance));
    if (instances.length === 0) {
      problems.push(unknownName(pipeline, name));
    }
  }
  return problems.length > 0 ? failure(...problems) : success(inOrder(pipeline, found));
}

function instancesNamed(pipeline: Pipeline, name: string): string[] {
  const reference = parseReference(name);
  const ofStage = pipeline.instances.filter(
    (instance) => reference?.stage === instance.stage && matches(reference, instance.values),
  );
  return [...ofStage.map((instance) => instance.name), ...(pipeline.families.get(name) ?? [])];
}

function unknownName(pipeline: Pipeline, name: string): Problem {
  const leftOut = pipeline.leftOut.filter(
    (left) => left.name === name || parseReference(left.name)?.stage === name,
  );
  if (leftOut.length > 0) {
    return { message: `${name} is left out: ${leftOut[0].reason}` };
  }
  const stages = pipeline.instances.map((instance) => instance.stage);
  const known = new Set([...stages, ...pipeline.families.keys()]);
  const instances = pipeline.instances.map((instance) => instance.name);
  const candidates = name.includes('[') ? instances : [...known];
  return { message: `unknown stage ${name}`, hint: suggestion(name, candidates, 'stages') };
}
