import type { LoadedKind } from '../code/registry.ts';
import type { StageInstance } from '../config/index.ts';
import { fingerprint, keyOf, rowFingerprint, staticParts } from '../fingerprint/fingerprint.ts';
import { fileOfParam, filesOfDep, type NamedFiles } from '../fingerprint/named-files.ts';
import type { Fingerprint, StageInput } from '../fingerprint/parts.ts';
import { readTree, type Tree } from '../fingerprint/tree.ts';
import { StageFailure } from '../kind/index.ts';
import type { Workspace } from '../workspace.ts';
import { ownFiles } from './own-files.ts';

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
  readonly #workspace: Pick<Workspace, 'folder' | 'artifacts' | 'lockfilePath' | 'kinds' | 'digests'>;
  readonly #onNewFiles: ((instance: StageInstance) => void) | undefined;
  readonly #trees = new Map<string, Promise<Tree>>();

  /** @param onNewFiles told as soon as it shows that files an instance reads are new or have changed. */
  constructor(
    workspace: Pick<Workspace, 'folder' | 'artifacts' | 'lockfilePath' | 'kinds' | 'digests'>,
    onNewFiles?: (instance: StageInstance) => void,
  ) {
    this.#workspace = workspace;
    this.#onNewFiles = onNewFiles;
  }

  /** The parts of an instance's fingerprint that are known before its inputs are. */
  async fixed(
    instance: StageInstance,
  ): Promise<{ loaded: LoadedKind | undefined; parts: Fingerprint; trees: Tree[] }> {
    const { uses } = instance;
    const loaded = uses.type === 'kind' ? await this.#workspace.kinds.loaded(uses.name) : undefined;
    const named = externalFiles(instance, this.#workspace.folder);
    const trees = await Promise.all(named.map((files) => this.#tree(files, instance)));
    const gone = uses.type === 'command' ? trees.find(({ exists }) => !exists) : undefined;
    // What a kind's params name may be missing: it has words of its own for that.
    if (gone !== undefined) throw new StageFailure(`the dep ${gone.root} is not there`);
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

  #tree(named: NamedFiles, instance: StageInstance): Promise<Tree> {
    const { root, path, choice } = named;
    const id = `${choice === undefined ? 'path' : 'pattern'} ${path} ${root}`;
    let tree = this.#trees.get(id);
    if (tree === undefined) {
      const own = ownFiles(this.#workspace);
      const onUnknown = (): void => this.#onNewFiles?.(instance);
      tree = readTree(root, path, this.#workspace.digests, { own, choice, onUnknown });
      this.#trees.set(id, tree);
    }
    return tree;
  }
}

/** The files outside the pipeline that an instance names. A source that takes its files from a stage reads none. */
export function externalFiles({ uses, inputs }: StageInstance, workspace: string): readonly NamedFiles[] {
  if (uses.type === 'command') return [...new Set(uses.deps)].map((dep) => filesOfDep(dep, workspace));
  if (uses.kind.type === 'source' && 'files' in inputs) return [];
  return [...new Set(uses.kind.files?.(uses.params))].map((file) => fileOfParam(file, workspace));
}

function rowKeyOf(instance: StageInstance, parts: Fingerprint, trees: readonly Tree[]): string | undefined {
  const { uses } = instance;
  if (uses.type === 'command' || uses.kind.type === 'run') return undefined;
  // A source's files are its rows; a row kind's files, such as a model, decide what it does to a row.
  const files = uses.kind.type === 'source' ? [] : trees;
  return keyOf(rowFingerprint(parts, files));
}
