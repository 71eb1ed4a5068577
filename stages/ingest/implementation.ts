import type { RowFunction, SourceFile, SourceListing, SourceRow } from '../../runner/kind/index.ts';
import type { IngestParams } from './params.ts';
import { listRavdess } from './list.ts';
import { CLIP_COLUMNS, readClip } from './read.ts';

export function list(files: readonly SourceFile[], params: IngestParams): SourceListing {
  return listRavdess(files, params.root);
}

export function setup(): RowFunction<SourceRow> {
  return { columns: CLIP_COLUMNS, run: readClip };
}
