import type { Kind } from '../kind/index.ts';
import type { Place } from '../errors.ts';

/** Where the kinds come from. */
export interface KindRegistry {
  names(): Promise<readonly string[]>;
  load(name: string): Promise<Kind | undefined>;
  /** Absolute paths of the code that kinds and the runner itself are made of, where it is known. */
  code?(): readonly string[];
}

/** A validated plan: every stage instance with its params and the instances it takes in. */
export interface Pipeline {
  /** The file as the user named it. */
  readonly file: string;
  /** In topological order; between instances that do not depend on each other, in the order of the yaml. */
  readonly instances: readonly StageInstance[];
  readonly leftOut: readonly LeftOut[];
  readonly profile?: string;
  /** The shared cache, e.g. `s3://bucket/prefix`. */
  readonly cache?: string;
  /** Instances by the family of their kinds. */
  readonly families: ReadonlyMap<string, string[]>;
}

/** An instance that `when`, or the want of such an instance, leaves out. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface StageInstance {
  /** `mfcc`, or with the matrix's values in its order: `train[cnn,mfcc]`. */
  readonly name: string;
  /** The stage's name in the yaml. */
  readonly stage: string;
  /** The matrix's values as written in the name; empty without a matrix. */
  readonly values: readonly string[];
  readonly uses: KindUse | CommandUse;
  /** Input name → names of the instances taken in, in the order written. An optional input not given is absent. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** Variables of the environment whose values are part of what it does; left out, none. */
  readonly env?: readonly string[];
  readonly resources: Resources;
  readonly timeoutSeconds?: number;
  /** How often to try again after a failure. */
  readonly retries: number;
  /** Whether a row that fails fails the stage, or is left out of its table and listed. */
  readonly rowErrors: 'fail' | 'skip';
  readonly place: Place;
}

export interface KindUse {
  readonly type: 'kind';
  readonly name: string;
  readonly kind: Kind;
  /** Validated, defaults included. */
  readonly params: Record<string, unknown>;
}

export interface CommandUse {
  readonly type: 'command';
  readonly command: string;
  /** The words that the command is put behind, where the stage chooses its shell. */
  readonly shell?: readonly string[];
  readonly params: Record<string, unknown>;
  /** Files and folders outside the pipeline that it reads, and patterns of such. */
  readonly deps: string[];
  /** Where each dep stands. */
  readonly depPlaces: readonly Place[];
  /** Files and folders that it makes. */
  readonly outs: string[];
}

export interface Resources {
  readonly cpus: number | 'all';
  /** Bytes. */
  readonly memory?: number;
  /** Graphics processors: where stages run on several machines, only one that has them takes it. */
  readonly gpus?: number;
}
