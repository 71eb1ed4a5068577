import type { Ancestor } from './prediction.ts';

/**
 * How the files that a stage made are completed where people look at them, with what is no part of any key because it
 * differs from run to run: how long stages took, which were cached, the versions they ran under. The default export of
 * `publish.ts` beside the kind's `index.ts`; it lies in a module of its own so that it is no part of the key either. The
 * cache keeps the files as the stage made them.
 */
export interface Publisher {
  readonly type: 'publisher';
  /** Text files that it completes, of those that the stage makes. */
  readonly files: readonly string[];
  /** Gives the completed text. */
  complete(file: string, text: string, provenance: Provenance): string;
}

/** How an artifact came to be. */
export interface Provenance {
  /** The run that shows it. */
  readonly run: RunFacts;
  /** Every stage behind the artifact, sources first, its own last. */
  readonly stages: readonly StageFacts[];
  /** The DAG of these stages. */
  readonly dag: {
    /** A picture that stands alone and follows the reader's light or dark scheme. */
    readonly svg: string;
    readonly mermaid: string;
  };
}

/** One invocation of the runner. */
export interface RunFacts {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  /** The arguments it was started with. */
  readonly command: string;
  readonly profile?: string;
  /** What it ran under; absent of runs that did not keep it. */
  readonly environment?: Environment;
}

export interface Environment {
  /** Version of Node, without a `v`. */
  readonly node: string;
  /** As in `linux x64`. */
  readonly platform: string;
  readonly processor: string;
  readonly cpus: number;
}

export interface StageFacts extends Ancestor {
  /** Digest of its contents. */
  readonly artifact: string;
  /** Digest of the modules of its code. */
  readonly code: string;
  /** The stages that it takes in, by input. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** What it measured when it ran, such as `fitSeconds`. */
  readonly measurements: Readonly<Record<string, number>>;
  /** Whether the run that shows the artifact took it from the cache. */
  readonly cached: boolean;
  /** The run that made it, where its record is still kept. */
  readonly madeBy?: RunFacts;
  /** How long it took then, in milliseconds. */
  readonly wallMs?: number;
  readonly rows?: { readonly total: number; readonly computed: number; readonly reused: number };
}
