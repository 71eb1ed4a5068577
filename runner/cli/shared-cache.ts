import type { Pipeline } from '../config/index.ts';
import type { Workspace } from '../workspace.ts';
import { sharing } from '../session/sharing.ts';
import { type Terminal, unwrap } from './context.ts';

/** The workspace with its shared cache, for commands that only look: what is worth saying goes to stderr. */
export async function sharingOf(
  workspace: Workspace,
  pipeline: Pipeline,
  { stderr }: Pick<Terminal, 'stderr'>,
): Promise<Workspace> {
  return unwrap(
    await sharing(workspace, pipeline, (event) => {
      if (event.type === 'notice') stderr(`${event.message}\n`);
    }),
  );
}
