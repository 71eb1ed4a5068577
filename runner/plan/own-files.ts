import { basename } from 'node:path';
import type { OwnFiles } from '../fingerprint/walk.ts';
import type { Workspace } from '../workspace.ts';

/** What the runner itself writes in a workspace: no dep or source holds it, or every run would change it. */
export function ownFiles({
  folder,
  artifacts,
  lockfilePath,
}: Pick<Workspace, 'folder' | 'artifacts' | 'lockfilePath'>): OwnFiles {
  return { workspace: folder, names: [basename(artifacts), basename(lockfilePath)] };
}
