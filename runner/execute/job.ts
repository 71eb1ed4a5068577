import type { StoredFileList } from '../fingerprint/file-list.ts';

/** An artifact as a stage's process gets it. */
export interface JobArtifact {
  readonly stage: string;
  /** Absolute paths in the store by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly measurements: Readonly<Record<string, number>>;
  /** The row index of a row stage's table. */
  readonly index?: string;
}

/** Where rows of the same row key were made before. */
export interface ReusableRows {
  readonly table: string;
  readonly index: string;
  /** What the row function had to say, if anything. */
  readonly notes?: string;
  /** The table of a process that was killed: without a footer, and to be checked row by row. */
  readonly partial: boolean;
}

/** What a stage's process is asked to do: everything it needs, nothing it could look up. */
export interface Job {
  readonly stage: string;
  /** Absolute path of the kind's bundle. */
  readonly bundle: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, readonly JobArtifact[]>>;
  readonly threads: number;
  /** The folder whose content becomes the artifact. */
  readonly output: string;
  /** Metadata of every table: stage, key, kind. */
  readonly metadata: Readonly<Record<string, string>>;
  /** For a stage that is no row stage. */
  readonly checkpoints: string;
  /** Whether the process, once the job is done, waits for another part of the same row stage. */
  readonly stay?: boolean;
  readonly rows: {
    /** The files of a source, sorted by name. */
    readonly files?: StoredFileList;
    readonly reusable: readonly ReusableRows[];
    /** Where the index of the rows written so far goes. */
    readonly index: string;
    readonly errors: 'fail' | 'skip';
    /** Places of the input's rows that are wanted; all of them where it is left out. */
    readonly only?: readonly number[];
    /** Of rows that are fetched while they are made, a batch has fewer. */
    readonly rowsPerBatch?: number;
  };
}

/** A failure as it crosses between processes. */
export interface JobFailure {
  readonly message: string;
  readonly place?: string;
  readonly hint?: string;
  /** For failures that nobody expected. */
  readonly stack?: string;
}

export interface RowCounts {
  readonly total: number;
  readonly computed: number;
  readonly reused: number;
}

/** What a stage's process says. */
export type JobMessage =
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      readonly values?: Readonly<Record<string, number>>;
    }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'failed'; readonly failures: readonly JobFailure[] }
  | {
      readonly type: 'done';
      readonly measurements: Readonly<Record<string, number>>;
      /** Digests of tables' rows by file name. */
      readonly contents: Readonly<Record<string, string>>;
      readonly rows?: RowCounts;
      /** Input files that changed while they were read: the result must not be cached. */
      readonly changed: readonly string[];
    };
