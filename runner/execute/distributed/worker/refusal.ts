import type { PlannedStage } from '../plan.ts';
import { keyOf } from '../../../fingerprint/fingerprint.ts';
import type { Fingerprint } from '../../../fingerprint/parts.ts';
import type { JobFailure } from '../../job.ts';

/** What this worker must not or cannot run, whoever asks again. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly failure: JobFailure;

  constructor(message: string, hint: string) {
    super(message);
    this.failure = { message, hint };
  }
}

const namedParts = 3;

/**
 * @param wayOut for whoever sees it.
 * @throws Refusal where the code that this worker has for a stage is not that of the plan.
 */
export function refuseOtherCode(planned: PlannedStage, own: Fingerprint, wayOut: string): void {
  const [theirs, ours] = [keyOf(planned.parts), keyOf(own)];
  if (theirs === ours) return;
  const names = new Set([...Object.keys(planned.parts), ...Object.keys(own)]);
  const differing = [...names].filter((name) => planned.parts[name] !== own[name]);
  const variables = differing.flatMap((name) => (name.startsWith('env.') ? [name.slice(4)] : []));
  if (variables.length > 0 && variables.length === differing.length) {
    throw new Refusal(
      `${variables.join(', ')}, which ${planned.name} depends on, ${variables.length === 1 ? 'has' : 'have'} another value on this worker than where the run was started`,
      "Set the same value in the worker's environment.",
    );
  }
  const different = differing.map(readable);
  const more = different.length > namedParts ? ` and ${different.length - namedParts} more` : '';
  throw new Refusal(
    `the code of ${planned.name} on this worker is not the plan's: ${short(ours)} here, ${short(theirs)} in the plan; ` +
      `${different.slice(0, namedParts).join(', ')}${more} differ`,
    wayOut,
  );
}

/** @throws Refusal where files that the stage reads are not those of the plan. */
export function refuseOtherFiles(
  planned: PlannedStage,
  trees: readonly { readonly root: string; readonly digest: string }[],
): void {
  for (const { root, digest } of trees) {
    const theirs = planned.files[root];
    if (digest === theirs) continue;
    const how =
      digest === 'missing'
        ? `${root}, which ${planned.name} reads, is missing on this worker`
        : `${root}, which ${planned.name} reads, is not the plan's: ${short(digest)} here, ${short(theirs)} in the plan`;
    throw new Refusal(how, `Bring the same files to the same place in the worker's checkout.`);
  }
}

function short(digest: string): string {
  return digest.slice(0, 12);
}

/** `code.stages/mfcc/index.ts` → `stages/mfcc/index.ts`. */
function readable(part: string): string {
  return part.replace(/^(?:code|packages)\./, '');
}
