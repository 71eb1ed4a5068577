import type { z } from 'zod';
import type { Row } from './columns.ts';
import type { RowContext, RowFunction, StageContext } from './context.ts';

/** An input that takes one artifact, none or one, or a list of them, such as every instance of a matrix. */
export type Arity = 'one' | 'optional' | 'many';

interface KindBase<Schema extends z.ZodObject> {
  /** The path of its folder below `stages/`, e.g. `features/mfcc`. */
  readonly name: string;
  /** One line for docs and editors. */
  readonly summary: string;
  readonly params: Schema;
  /**
   * The family a name on the command line stands for; by default the first folder of `name`, so that `features`
   * means every stage of `features/…`. `null`: of no family.
   */
  readonly family?: string | null;
  /** Files and folders outside the pipeline that the params name (relative to the workspace); hashed into the key. */
  readonly files?: (params: z.infer<Schema>) => readonly string[];
  /** What one instance needs where the yaml says nothing. */
  readonly resources?: { readonly cpus?: number | 'all'; readonly memory?: string };
}

/** A file that a source lists as one of its rows: an object of accessors, of which copies are made field by field. */
export interface SourceFile {
  /** Path relative to the folder it was found in, with forward slashes. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  readonly size: number;
  /** SHA-256 of its content. */
  readonly digest: string;
}

/**
 * All files of a source, sorted by name; an array of them will do. Of a large corpus each is made when it is asked for,
 * and none is kept: what `map` and `filter` give back is.
 */
export interface SourceFiles extends Iterable<SourceFile> {
  readonly length: number;
  at(place: number): SourceFile | undefined;
  map<Result>(make: (file: SourceFile, place: number) => Result): Result[];
  filter(wanted: (file: SourceFile, place: number) => boolean): SourceFile[];
  find(wanted: (file: SourceFile, place: number) => boolean): SourceFile | undefined;
}

export interface SourceRow {
  readonly id: string;
  readonly file: SourceFile;
  /** What the listing knows of the row beside its file, e.g. a line of a table of labels; part of the row's digest. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Which files become rows, and which do not and why. Nothing is left out silently. Each list is gone through once; lists
 * that are generated as they are gone through need not be in memory.
 */
export interface SourceListing {
  readonly rows: Iterable<SourceRow>;
  readonly excluded: Iterable<{ readonly name: string; readonly reason: string }>;
  readonly warnings: Iterable<string>;
}

/** Makes rows out of files: each listed file one row. */
export interface SourceKind<Schema extends z.ZodObject = z.ZodObject> extends KindBase<Schema> {
  readonly type: 'source';
  /** `threads`: a worker is one-threaded and there are as many as cpus; `process`: one worker that uses all cpus. */
  readonly parallel?: 'threads' | 'process';
  readonly files: (params: z.infer<Schema>) => readonly string[];
  load(): Promise<{
    /** Pure: of all files below `files(params)`, sorted by name. Throws StageFailure where the folder is unusable. */
    list(files: SourceFiles, params: z.infer<Schema>): SourceListing | Promise<SourceListing>;
    setup(context: RowContext<z.infer<Schema>>): RowFunction<SourceRow> | Promise<RowFunction<SourceRow>>;
  }>;
}

/** Maps each row of its one input table to one output row, independently of the others. */
export interface RowKind<Schema extends z.ZodObject = z.ZodObject> extends KindBase<Schema> {
  readonly type: 'row';
  /** The input's name in `in:`, e.g. `clips`. */
  readonly input: string;
  /** `threads`: a worker is one-threaded and there are as many as cpus; `process`: one worker that uses all cpus. */
  readonly parallel?: 'threads' | 'process';
  load(): Promise<{
    setup(context: RowContext<z.infer<Schema>>): RowFunction<Row> | Promise<RowFunction<Row>>;
  }>;
}

/** Anything else: reads whole artifacts and writes one. */
export interface RunKind<Schema extends z.ZodObject = z.ZodObject> extends KindBase<Schema> {
  readonly type: 'run';
  readonly inputs: Readonly<Record<string, Arity>>;
  /**
   * The input whose rows it hands on as they are. A new row, which a prediction is to be made for, then passes it by: it
   * is made as the rows of that input were made, which must all have been made alike. Of several sources of one kind the
   * first one's params count.
   */
  readonly passes?: string;
  load(): Promise<{ run(context: StageContext<z.infer<Schema>>): Promise<void> }>;
}

export type Kind = SourceKind | RowKind | RunKind;

/** Defines a kind whose rows are files. The heavy part comes by `load`, so that reading the params stays cheap. */
export function defineSourceKind<Schema extends z.ZodObject>(
  kind: Omit<SourceKind<Schema>, 'type'>,
): SourceKind<Schema> {
  return { type: 'source', ...kind };
}

export function defineRowKind<Schema extends z.ZodObject>(
  kind: Omit<RowKind<Schema>, 'type'>,
): RowKind<Schema> {
  return { type: 'row', ...kind };
}

export function defineKind<Schema extends z.ZodObject>(kind: Omit<RunKind<Schema>, 'type'>): RunKind<Schema> {
  return { type: 'run', ...kind };
}
