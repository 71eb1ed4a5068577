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
    const arity = arities[name] ?? (instances.length > 1 ? 'many' : 'one');
    if (remaining.length > 0) {
      inputs[name] = remaining;
    } else if (arity === 'one') {
      draft.leftOut = `needs ${instances.join(', ')}, which is left out`;
    } else if (arity === 'many') {
      draft.leftOut = `needs one of ${instances.join(', ')}, which are left out`;
    }
  }
  return inputs;
}
