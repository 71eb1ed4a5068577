import type { CacheEntry } from '../cache/entry.ts';
import type { StageInstance } from '../config/index.ts';
import type { Emit } from '../events.ts';
import { printableName } from '../printable.ts';
import type { Workspace } from '../workspace.ts';
import { restoreOuts } from './command.ts';

/** Puts an artifact where people and commands look for it, and says what did not belong there. */
export async function present(
  workspace: Workspace,
  { name, uses }: StageInstance,
  entry: CacheEntry,
  emit: Emit,
): Promise<void> {
  const { view, cache } = workspace;
  const inView = await view.show(name, entry.manifest, (digest) => cache.path(digest));
  const ofCommand =
    uses.type === 'command' ? await restoreOuts(workspace, name, uses, entry.manifest) : undefined;
  const notice = (message: string): void => {
    emit({ type: 'notice', stage: name, message });
  };
  for (const file of [...inView.map((shown) => `artifacts/${shown}`), ...(ofCommand?.edited ?? [])]) {
    notice(`${printableName(file)} had been edited; it is again what the stage made`);
  }
  for (const file of ofCommand?.strays ?? [])
    notice(`${printableName(file)} is none of what the stage made; it is removed`);
}
