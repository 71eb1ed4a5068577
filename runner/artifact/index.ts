/** Tables and other files of artifacts. The only part that knows apache-arrow. */
export { digestOfCells } from './digest.ts';
export type { EncodedBatch } from './encoded-batch.ts';
export { openInputArtifact } from './input.ts';
export { createOutput, type ArtifactOutput } from './output.ts';
export type { DigestedRow } from './decode-rows.ts';
export { sizeOfShape } from './shape.ts';
export { openTable, recoverTable, type TableFile } from './table-file.ts';
export {
  createTableWriter,
  repeatedId,
  type ArrowTableWriter,
  type TableWriterOptions,
} from './table-writer.ts';
