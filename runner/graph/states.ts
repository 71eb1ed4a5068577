/**
 * What is known of an instance: in the cache, to be run, or not to be told before its inputs have run. Of a run that is
 * over: taken from the cache, or run.
 */
export type InstanceState = 'cached' | 'stale' | 'unknown' | 'ran';

/** States by instance; an instance without one is unknown. */
export type States = ReadonlyMap<string, InstanceState>;

/** A mark for each state that does not depend on colour. */
export const marks: Readonly<Record<InstanceState, string>> = {
  cached: '●',
  stale: '○',
  unknown: '?',
  ran: '▶',
};

export function stateOf(states: States, name: string): InstanceState {
  return states.get(name) ?? 'unknown';
}

/** What the marks mean: of a plan all that it may say, of a run that is over only what happened. */
export function legendOf(states: States): string[] {
  const met = new Set(states.values());
  const planned = !met.has('ran');
  return Object.entries(marks)
    .filter(([state]) => (planned ? state !== 'ran' : met.has(state as InstanceState)))
    .map(([state, mark]) => `${mark} ${state}`);
}
