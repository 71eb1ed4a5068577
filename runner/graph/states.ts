/** What is known of an instance: in the cache, to be run, or not to be told before its inputs have run. */
export type InstanceState = 'cached' | 'stale' | 'unknown';

/** States by instance; an instance without one is unknown. */
export type States = ReadonlyMap<string, InstanceState>;

/** A mark for each state that does not depend on colour. */
export const marks: Readonly<Record<InstanceState, string>> = { cached: '●', stale: '○', unknown: '?' };

export function stateOf(states: States, name: string): InstanceState {
  return states.get(name) ?? 'unknown';
}
