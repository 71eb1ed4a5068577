import type { Pipeline } from '../config/index.ts';
import { failure, type Problem, type Result, success } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Selection } from '../graph/index.ts';
import { foreignOuts, foreignProblem, setAside } from '../outs/index.ts';
import { printableName } from '../printable.ts';
import type { Lockfile } from '../record/lockfile.ts';
import type { Workspace } from '../workspace.ts';

interface Planned {
  readonly pipeline: Pipeline;
  readonly selection: Selection;
  readonly lockfile: Lockfile;
}

/**
 * Before anything runs: whatever stands at outs must be what stages are recorded to have made, and unedited. What killed
 * runs left is moved away, since a person may have put files there meanwhile; the rest only where that is asked for.
 */
export async function ownOuts(
  workspace: Workspace,
  { adopt, ...planned }: Planned & { readonly adopt: boolean },
  emit: Emit,
): Promise<Result<undefined>> {
  const { outs, aside } = workspace;
  const problems: Problem[] = [];
  for (const foreign of await foreignIn(workspace, planned)) {
    if (!adopt && !foreign.left) {
      problems.push(foreignProblem(foreign, outs));
      continue;
    }
    for (const { from, to } of await setAside(foreign, outs, aside)) {
      const why = foreign.left ? 'was left by a run that was killed' : 'was not made by the stage';
      emit({
        type: 'notice',
        stage: foreign.instance.name,
        message: `${printableName(from)} ${why}; it is kept as ${printableName(to)}`,
      });
    }
  }
  return problems.length > 0 ? failure(...problems) : success(undefined);
}

/** The same, and changes nothing. */
export async function outsAreOwn(workspace: Workspace, planned: Planned): Promise<Result<undefined>> {
  const foreign = (await foreignIn(workspace, planned)).filter(({ left }) => !left);
  return foreign.length > 0
    ? failure(...foreign.map((one) => foreignProblem(one, workspace.outs)))
    : success(undefined);
}

function foreignIn({ outs, cache }: Workspace, { pipeline, selection, lockfile }: Planned) {
  const locked = (stage: string) => lockfile.get(stage);
  const stages = [...selection.run, ...selection.cachedOnly];
  return foreignOuts({ ledger: outs, cache, locked }, pipeline, stages);
}
