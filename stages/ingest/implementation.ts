import type {
  RowContext,
  RowFunction,
  SourceFiles,
  SourceListing,
  SourceRow,
} from '../../runner/kind/index.ts';
import { listNamed } from './list.ts';
import { namings } from './names/index.ts';
import type { IngestParams } from './params.ts';
import { CLIP_COLUMNS, readClip } from './read.ts';
import { listTable } from './table/list.ts';

export function list(files: SourceFiles, params: IngestParams): SourceListing | Promise<SourceListing> {
  return params.names === 'table'
    ? listTable(files, params)
    : listNamed(files, namings[params.names], params.root);
}

export function setup({ params }: RowContext<IngestParams>): RowFunction<SourceRow> {
  const corpus = params.corpus ?? params.names;
  return { columns: CLIP_COLUMNS, run: (row) => readClip(row, corpus) };
}
