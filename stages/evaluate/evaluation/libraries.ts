import { list } from '../text/format.ts';
import type { Evaluation } from './types.ts';

/** What stands in the place of what a run adds, where none has. */
export const howMissing =
  'This is the report as the cache keeps it. Where a run shows it, in the folder artifacts, the stages and their ' +
  'settings, versions and timings stand here.';

/** Which libraries computed which models, a sentence each. */
export function libraries({ models }: Evaluation): string[] {
  const users = new Map<string, string[]>();
  for (const { library, label } of models) {
    if (library !== null) users.set(library, [...(users.get(library) ?? []), label]);
  }
  return [...users].map(([library, labels]) => `${library} computed ${list(labels)}.`);
}
