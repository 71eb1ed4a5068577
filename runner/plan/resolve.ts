import { isAbsolute, join } from 'node:path';
import type { Kinds, LoadedKind } from '../code/registry.ts';
import type { StageInstance } from '../config/index.ts';
import type { FileDigests } from '../fingerprint/file-digests.ts';
import { fingerprint, keyOf, rowFingerprint, staticParts } from '../fingerprint/fingerprint.ts';
import type { Fingerprint, StageInput } from '../fingerprint/parts.ts';
import { readTree, type Tree } from '../fingerprint/tree.ts';

/** A stage whose inputs are known, ready to be looked up or run. */
export interface ResolvedStage {
  readonly instance: StageInstance;
  readonly loaded: LoadedKind | undefined;
  /** Files outside the pipeline that it reads. */
  readonly trees: readonly Tree[];
  readonly fingerprint: Fingerprint;
  readonly key: string;
  /** For row stages: the key of what they do to a row, whatever the rows. */
  readonly rowKey: string | undefined;
}

/** Turns instances into keys. Code and external files are read once a run. */
export class Resolver {
  readonly #workspace: string;
  readonly #kinds: Kinds;
  readonly #digests: FileDigests;
  readonly #onNewFiles: ((instance: StageInstance) => void) | undefined;
  readonly #trees = new Map<string, Promise<Tree>>();

  constructor(options: {
    readonly workspace: string;
    readonly kinds: Kinds;
    readonly digests: FileDigests;
    /** Told as soon as it shows that files an instance reads are new or have changed. */
    readonly onNewFiles?: (instance: StageInstance) => void;
  }) {
    this.#workspace = options.workspace;
    this.#kinds = options.kinds;
    this.#digests = options.digests;
    this.#onNewFiles = options.onNewFiles;
  }

  /** The parts of an instance's fingerprint that are known before its inputs are. */
  async fixed(
    instance: StageInstance,
  ): Promise<{ loaded: LoadedKind | undefined; parts: Fingerprint; trees: Tree[] }> {
    const { uses } = instance;
    const loaded = uses.type === 'kind' ? await this.#kinds.loaded(uses.name) : undefined;
    const trees = await Promise.all(externalFiles(instance).map((root) => this.#tree(root, instance)));
    return { loaded, parts: staticParts(instance, loaded?.code, process.env), trees };
  }

  async resolve(
    instance: StageInstance,
    inputs: Readonly<Record<string, readonly StageInput[]>>,
  ): Promise<ResolvedStage> {
    const { loaded, parts, trees } = await this.fixed(instance);
    const whole = fingerprint(instance, parts, inputs, trees);
    return {
      instance,
      loaded,
      trees,
      fingerprint: whole,
      key: keyOf(whole),
      rowKey: rowKeyOf(instance, parts, trees),
    };
  }

  #tree(root: string, instance: StageInstance): Promise<Tree> {
    let tree = this.#trees.get(root);
    if (tree === undefined) {
      const path = isAbsolute(root) ? root : join(this.#workspace, root);
      tree = readTree(root, path, this.#digests, () => this.#onNewFiles?.(instance));
      this.#trees.set(root, tree);
    }
    return tree;
  }
}

/** The files outside the pipeline that an instance names. A source that takes its files from a stage reads none. */
export function externalFiles(instance: StageInstance): readonly string[] {
  const { uses } = instance;
  if (uses.type === 'command') return [...new Set(uses.deps)];
  if (uses.kind.type === 'source' && 'files' in instance.inputs) return [];
  return [...new Set(uses.kind.files?.(uses.params))];
}

function rowKeyOf(instance: StageInstance, parts: Fingerprint, trees: readonly Tree[]): string | undefined {
  const { uses } = instance;
  if (uses.type === 'command' || uses.kind.type === 'run') return undefined;
  // A source's files are its rows; a row kind's files, such as a model, decide what it does to a row.
  const files = uses.kind.type === 'source' ? [] : trees;
  return keyOf(rowFingerprint(parts, files));
}
