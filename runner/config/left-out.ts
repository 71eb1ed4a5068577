import type { Arity } from '../kind/index.ts';
import { inputsOf } from './inputs.ts';
import type { Draft } from './stages.ts';

/**
 * Leaves out, in topological order, what needs an instance that is left out. A list just loses those instances,
 * an optional input becomes absent.
 */
export function propagateLeftOut(order: readonly Draft[]): void {
  const leftOut = new Set<string>();
  for (const draft of order) {
    if (draft.leftOut === undefined) {
      draft.inputs = remainingInputs(draft, leftOut);
    }
    if (draft.leftOut !== undefined) {
      leftOut.add(draft.name);
    }
  }
}

function remainingInputs(draft: Draft, leftOut: ReadonlySet<string>): Draft['inputs'] {
  const arities: Readonly<Record<string, Arity>> =
    draft.uses?.type === 'kind' ? inputsOf(draft.uses.kind) : {};
  const inputs: Record<string, readonly string[]> = {};
  for (const [name, instances] of Object.entries(draft.inputs ?? {})) {
    const remaining = instances.filter((instance) => !leftOut.has(instance));
    if (remaining.length > 0) {
      inputs[name] = remaining;
    } else if (arities[name] !== 'optional') {
      draft.leftOut =
        instances.length === 1
          ? `needs ${instances[0]}, which is left out`
          : `needs one of ${instances.join(', ')}, which are all left out`;
    }
  }
  return inputs;
}
