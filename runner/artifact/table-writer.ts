import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { StageFailure, type Cells, type Columns, type TableWriter } from '../kind/index.ts';
import { sha256 } from '../fingerprint/hash.ts';
import { DigestIndex } from '../packed/digest-index.ts';
import { checkRow } from './check-row.ts';
import { bytesOfCell, columnBuilder, type ColumnBuilder } from './column-builder.ts';
import { digestOfCells } from './digest.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { FileEncoder } from './file-encoder.ts';
import { rowColumns, schemaOf } from './schema.ts';
import { writeFully } from './write-fully.ts';

export interface TableWriterOptions {
  /** Metadata of the schema, e.g. the stage's name and key. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** A batch ends after this many rows … */
  readonly rowsPerBatch?: number;
  /** … or once its cells take this many bytes, whichever comes first. */
  readonly batchBytes?: number;
  /** The caller knows that no two rows have one id: nothing is kept to find out. */
  readonly distinctIds?: boolean;
}

export interface ArrowTableWriter extends TableWriter {
  /** Rows written so far. */
  readonly count: number;
  /** `content` is the row's `digestOfCells` where the caller has it already. */
  write(id: string, cells: Cells, digest?: string, content?: string): Promise<void>;
  /**
   * Writes the rows of a batch of another table as they are stored there: `rows` are the same, in its order, and `last`
   * tells that no row comes after them. False, and nothing is written, where row by row they might not give the same
   * bytes.
   */
  copy(batch: EncodedBatch, rows: readonly CopiedRow[], last: boolean): Promise<boolean>;
  /**
   * SHA-256 over the columns, and over the digest and content of each row in order: what the table says, whatever its
   * schema's metadata.
   */
  contents(): string;
  /** Closes the file as it is, unfinished, after a failure. */
  abort(): Promise<void>;
}

/** What a table tells of a row beside its cells. */
export interface CopiedRow {
  readonly id: string;
  readonly digest: string;
  /** Its `digestOfCells`. */
  readonly content: string;
}

const defaultRowsPerBatch = 64;
const defaultBatchBytes = 2 ** 24;

/**
 * Starts an Arrow IPC file (uncompressed), overwriting what is there. Rows are written batch by batch, so that
 * memory holds one batch at a time; `close` writes the footer and waits for the disk. Equal rows give equal bytes.
 *
 * Rows may be handed in without waiting for the one before; they are written in the order of the calls.
 *
 * @throws StageFailure for a row that cannot be stored, naming it and the column. The row is then not written and
 *   the table goes on; after a failure of the disk every call fails.
 */
export async function createTableWriter(
  path: string,
  columns: Columns,
  options: TableWriterOptions = {},
): Promise<ArrowTableWriter> {
  const schema = schemaOf(columns, options.metadata ?? {});
  return new StreamingTableWriter(await open(path, 'w'), columns, new FileEncoder(schema), options);
}

/** @param id that two rows have. */
export function repeatedId(id: string): StageFailure {
  return new StageFailure('a second row has this id: they are unique in a table', { place: id });
}

class StreamingTableWriter implements ArrowTableWriter {
  readonly #handle: FileHandle;
  readonly #columns: Columns;
  readonly #encoder: FileEncoder;
  readonly #rowsPerBatch: number;
  readonly #batchBytes: number;
  /** Digests of the ids; undefined where the caller knows that they differ. */
  readonly #ids: DigestIndex | undefined;
  #count = 0;
  readonly #contents = createHash('sha256');
  #builders: Map<string, ColumnBuilder>;
  #spareBuilders: Map<string, ColumnBuilder>[] = [];
  #batchRows = 0;
  #bytes = 0;
  /** The end of everything written so far; rejected for good once a write fails. */
  #written: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(handle: FileHandle, columns: Columns, encoder: FileEncoder, options: TableWriterOptions) {
    this.#handle = handle;
    this.#columns = columns;
    this.#encoder = encoder;
    this.#rowsPerBatch = options.rowsPerBatch ?? defaultRowsPerBatch;
    this.#batchBytes = options.batchBytes ?? defaultBatchBytes;
    this.#ids = options.distinctIds === true ? undefined : new DigestIndex();
    this.#builders = this.#makeBuilders();
    this.#contents.update(JSON.stringify(columns));
  }

  get count(): number {
    return this.#count;
  }

  contents(): string {
    return this.#contents.copy().digest('hex');
  }

  async write(id: string, cells: Cells, digest?: string, content?: string): Promise<void> {
    if (this.#closing) throw new StageFailure('the row comes after the table was closed', { place: id });
    checkRow(id, this.#columns, cells);
    this.#addId(id);
    this.#append('id', id);
    const contents = content ?? digestOfCells(id, this.#columns, cells);
    this.#append('digest', digest ?? contents);
    this.#contents.update((digest ?? contents) + contents);
    for (const name of Object.keys(this.#columns)) this.#append(name, cells[name]);
    this.#batchRows++;
    if (this.#batchRows >= this.#rowsPerBatch || this.#bytes >= this.#batchBytes) this.#endBatch();
    return this.#written;
  }

  async copy(batch: EncodedBatch, rows: readonly CopiedRow[], last: boolean): Promise<boolean> {
    if (this.#closing || this.#batchRows > 0 || rows.length !== batch.rows) return false;
    // A shorter one may have been the last of its table: here, rows would be added to it.
    if (rows.length !== this.#rowsPerBatch && !last) return false;
    const pieces = await this.#encoder.copy(batch);
    if (pieces === undefined) return false;
    for (const { id, digest, content } of rows) {
      this.#addId(id);
      this.#contents.update(digest + content);
    }
    this.#write(pieces);
    await this.#written;
    return true;
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async abort(): Promise<void> {
    this.#closing ??= this.#handle.close();
    await this.#closing.catch(() => undefined);
  }

  async #finish(): Promise<void> {
    try {
      if (this.#batchRows > 0) this.#endBatch();
      await this.#written;
      await writeFully(this.#handle, this.#encoder.end());
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
  }

  #append(name: string, cell: Cells[string]): void {
    this.#builders.get(name)!.append(cell);
    this.#bytes += bytesOfCell(cell);
  }

  #addId(id: string): void {
    if (this.#ids !== undefined && this.#ids.add(sha256(id)) < this.#count) throw repeatedId(id);
    this.#count += 1;
  }

  /** Hands the batch to the disk; the next one is collected in other memory meanwhile. */
  #endBatch(): void {
    const builders = this.#builders;
    const pieces = this.#encoder.batch(
      this.#batchRows,
      [...builders.values()].map((builder) => builder.data()),
    );
    this.#write(pieces, () => {
      for (const builder of builders.values()) builder.reset();
      this.#spareBuilders.push(builders);
    });
    this.#builders = this.#spareBuilders.pop() ?? this.#makeBuilders();
    this.#batchRows = 0;
    this.#bytes = 0;
  }

  #write(pieces: readonly Uint8Array[], done?: () => void): void {
    this.#written = this.#written.then(async () => {
      await writeFully(this.#handle, pieces);
      done?.();
    });
    // The failure reaches whoever waits for a later write or for close: it must not end the process before.
    this.#written.catch(() => undefined);
  }

  #makeBuilders(): Map<string, ColumnBuilder> {
    const columns = { ...rowColumns, ...this.#columns };
    return new Map(Object.entries(columns).map(([name, column]) => [name, columnBuilder(column)]));
  }
}
