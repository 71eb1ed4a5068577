import { join } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';
import type { StageInstance } from '../config/index.ts';
import type { Emit } from '../events.ts';
import { restoreOuts } from '../outs/index.ts';
import { printableName } from '../printable.ts';
import type { Workspace } from '../workspace.ts';

/** Puts an artifact where people and commands look for it, and says what did not belong there. */
export async function present(
  workspace: Workspace,
  { name, uses }: StageInstance,
  entry: CacheEntry,
  emit: Emit,
): Promise<void> {
  const { view, cache, outs, aside, state } = workspace;
  const inView = await view.show(name, entry.manifest, (digest) => cache.path(digest));
  const store = { temporary: join(state, 'tmp'), aside, path: (digest: string) => cache.path(digest) };
  const moved = uses.type === 'command' ? await restoreOuts(outs, uses.outs, entry.manifest, store) : [];
  const notice = (message: string): void => {
    emit({ type: 'notice', stage: name, message });
  };
  for (const { name: file, wasShown, keptAs } of inView) {
    const had = wasShown ? 'had been edited' : 'was made by no run';
    const kept = keptAs === undefined ? '' : `, and what stood there is kept as ${printableName(keptAs)}`;
    notice(`${printableName(file)} ${had}; it is again what the stage made${kept}`);
  }
  for (const { from, to } of moved) {
    notice(
      `${printableName(from)} was edited during the run; it is again what the stage made, and the edit is kept as ${printableName(to)}`,
    );
  }
}
