import type { SourceListing, SourceRow } from '../../runner/kind/index.ts';

/** A listing whose lists have been gone through. */
export interface FullListing {
  readonly rows: readonly SourceRow[];
  readonly excluded: readonly { readonly name: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

export function inFull({ rows, excluded, warnings }: SourceListing): FullListing {
  return { rows: [...rows], excluded: [...excluded], warnings: [...warnings] };
}
