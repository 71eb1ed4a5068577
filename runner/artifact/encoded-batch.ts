import type { Schema } from 'apache-arrow';
import type { Block } from './file-metadata.ts';

/** A batch of a table as it stands in its file. */
export interface EncodedBatch {
  readonly rows: number;
  /** Rows of the batches before it, where the writer noted them. */
  readonly rowsBefore: number | undefined;
  readonly schema: Schema;
  readonly block: Block;
  /** The whole message, its metadata first. */
  bytes(): Promise<Uint8Array>;
}
