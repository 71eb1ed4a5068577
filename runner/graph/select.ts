import type { Pipeline } from '../config/pipeline.ts';
import { failure, success } from '../errors.ts';
import type { Problem, Result } from '../errors.ts';
import { resolveNames } from './names.ts';
import { downstream, inOrder, upstream } from './reach.ts';

export interface SelectOptions {
  /** Only these and what they need. */
  readonly targets?: readonly string[] | undefined;
  /** These and all downstream are forced; what they need comes from the cache. */
  readonly from?: readonly string[] | undefined;
  /** Nothing beyond these and what they need. */
  readonly until?: readonly string[] | undefined;
  /** `from` and `until` at once. */
  readonly only?: readonly string[] | undefined;
}

/** Names of instances, each list in topological order. */
export interface Selection {
  /** Those that may run. */
  readonly run: string[];
  /** Those of `run` that run though they are cached. */
  readonly forced: string[];
  /** What `run` needs and what must come from the cache. */
  readonly cachedOnly: string[];
}

/** Which instances a command line means. All of them where it names none. */
export function select(pipeline: Pipeline, options: SelectOptions): Result<Selection> {
  const problems: Problem[] = [];
  const resolve = (names: readonly string[] | undefined): readonly string[] | undefined => {
    if (names === undefined || names.length === 0) {
      return undefined;
    }
    const resolved = resolveNames(pipeline, names);
    problems.push(...(resolved.ok ? [] : resolved.problems));
    return resolved.ok ? resolved.value : [];
  };
  const targets = resolve(options.targets);
  const only = resolve(options.only);
  const from = resolve(options.from) ?? only;
  const until = resolve(options.until) ?? only;
  if (only !== undefined && (from !== only || until !== only)) {
    problems.push({
      message: '--only cannot stand beside --from or --until',
      hint: '--only S is --from S --until S',
    });
  }
  if (problems.length > 0) {
    return failure(...problems);
  }
  let run = new Set(pipeline.instances.map(({ name }) => name));
  const keep = (names: readonly string[] | undefined): void => {
    if (names !== undefined) {
      run = new Set(names.filter((name) => run.has(name)));
    }
  };
  keep(targets && upstream(pipeline, targets));
  keep(until && upstream(pipeline, until));
  keep(from && downstream(pipeline, from));
  if (run.size === 0 && pipeline.instances.length > 0) {
    return failure(nothingSelected(options));
  }
  const selected = inOrder(pipeline, run);
  if (from === undefined) {
    return success({ run: selected, forced: [], cachedOnly: [] });
  }
  const needed = upstream(pipeline, selected).filter((name) => !run.has(name));
  return success({ run: selected, forced: selected, cachedOnly: needed });
}

function nothingSelected({ targets, from, until }: SelectOptions): Problem {
  const ends = [...(targets ?? []), ...(until ?? [])].join(', ');
  return {
    message: `nothing lies between ${(from ?? []).join(', ')} and ${ends}`,
    hint: '--from must name something that the others need, or that they are',
  };
}
