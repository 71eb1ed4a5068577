import { isAbsolute, join } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';
import type { LoadedKind } from '../code/registry.ts';
import { failure, type Problem, type Result, success } from '../errors.ts';
import { namedParts, Parts, paramsOf } from '../fingerprint/parts.ts';
import { readTree, type Tree } from '../fingerprint/tree.ts';
import { changes } from '../plan/explain.ts';
import { ownFiles } from '../plan/own-files.ts';
import type { Workspace } from '../workspace.ts';
import type { Lineage } from './lineage.ts';
import { loadPredictor, predictorFile } from './module.ts';
import { withPaths } from './params.ts';
import { goneInput, whereMade } from './passed-by.ts';

/** One stage between a new file and the prediction. */
export interface Link {
  /** The key of the artifact that it stands for. */
  readonly key: string;
  readonly stage: string;
  /** What its bundle exports: a reader of new files, a row kind, or a predictor. */
  readonly type: 'source' | 'row' | 'model';
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Absolute paths of the files outside the pipeline that the params name. */
  readonly files: readonly string[];
  /** Absolute path of the bundle's entry. */
  readonly bundle: string;
  /** Versions of the npm packages that the bundle imports. */
  readonly packages: Readonly<Record<string, string>>;
  /** Keys of the links that its rows come from, by input; none for a source. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** Of a model: absolute paths of its artifact's files by name. */
  readonly artifact: Readonly<Record<string, string>>;
}

/** All that a prediction needs: the links in the order in which rows pass them, the model itself last. */
export interface Chain {
  readonly links: readonly Link[];
  /** What the user should know before trusting it, e.g. that code has changed since. */
  readonly warnings: readonly string[];
}

/** The chain of a trained stage, with the params of the run that made it. */
export async function chainOf(
  workspace: Workspace,
  lineage: Lineage,
  model: CacheEntry,
  stage: string,
): Promise<Result<Chain>> {
  const tracer = new Tracer(workspace, lineage);
  const problem = await tracer.follow({ ...model, stage }, stage);
  if (problem !== undefined) return failure(problem);
  const { links, changed } = tracer;
  const warnings =
    changed.length === 0
      ? []
      : [
          `${changed.join(', ')} changed in code or files since ${stage} was trained: pipeline run trains anew`,
        ];
  return success({ links: [...links.values()], warnings });
}

/** Follows a model up to where its rows come from. */
class Tracer {
  readonly links = new Map<string, Link>();
  /** Stages whose code or files are not as they were. */
  readonly changed: string[] = [];
  readonly #workspace: Workspace;
  readonly #lineage: Lineage;

  constructor(workspace: Workspace, lineage: Lineage) {
    this.#workspace = workspace;
    this.#lineage = lineage;
  }

  /** Adds what a stage's rows come from, then the stage itself. Gives what is in the way, if anything. */
  async follow(entry: CacheEntry, dependent: string): Promise<Problem | undefined> {
    if (this.links.has(entry.key)) return undefined;
    const loaded = await this.#workspace.kinds.loaded(entry.kind);
    const module = loaded === undefined ? undefined : await moduleOf(this.#workspace, loaded);
    if (loaded === undefined || module === undefined) return unknownKind(entry, dependent);
    const takenIn = await this.#lineage.inputsOf(entry);
    const inputs: Record<string, string[]> = {};
    for (const input of await rowInputs(loaded, module.bundle)) {
      inputs[input] = [];
      for (const upstream of takenIn[input] ?? []) {
        if (upstream === undefined) return goneInput(entry, input);
        const made = await whereMade(this.#workspace.kinds, this.#lineage, upstream);
        if (!made.ok) return made.problems[0];
        const problem = await this.follow(made.value, entry.stage);
        if (problem !== undefined) return problem;
        inputs[input].push(made.value.key);
      }
    }
    const trees = await this.#outsideFiles(entry, loaded);
    const gone = trees.find(({ exists }) => !exists);
    if (gone !== undefined) return goneFile(entry, gone);
    if (isAnother(entry, loaded, trees)) this.changed.push(entry.stage);
    this.links.set(entry.key, linkOf(this.#workspace, entry, loaded, module, inputs, trees));
    return undefined;
  }

  /** What a stage reads beside its rows; the files of a source are the rows that the model was trained on. */
  #outsideFiles({ fingerprint }: CacheEntry, { kind }: LoadedKind): Promise<Tree[]> {
    const { folder, digests } = this.#workspace;
    const own = ownFiles(this.#workspace);
    const names = kind.type === 'source' ? [] : (kind.files?.(paramsOf(fingerprint)) ?? []);
    return Promise.all(names.map((name) => readTree(name, absolute(folder, name), digests, { own })));
  }
}

interface Module {
  readonly bundle: string;
  readonly packages: Readonly<Record<string, string>>;
}

/** What is to be loaded for a link: of row kinds their own module, of others the one beside it, where there is one. */
async function moduleOf(workspace: Workspace, loaded: LoadedKind): Promise<Module | undefined> {
  const { kind } = loaded;
  const found = kind.type === 'row' ? loaded : await workspace.kinds.bundleOf(predictorFile(kind.name));
  return found === undefined ? undefined : { bundle: found.bundle, packages: found.code.packages };
}

async function rowInputs({ kind }: LoadedKind, bundle: string): Promise<readonly string[]> {
  if (kind.type === 'source') return [];
  if (kind.type === 'row') return [kind.input];
  return (await loadPredictor(bundle)).inputs;
}

function linkOf(
  workspace: Workspace,
  entry: CacheEntry,
  { kind }: LoadedKind,
  { bundle, packages }: Module,
  inputs: Readonly<Record<string, readonly string[]>>,
  trees: readonly Tree[],
): Link {
  const paths = new Map(trees.map(({ root }) => [root, absolute(workspace.folder, root)]));
  const artifact = kind.type === 'run' ? entry.manifest.files : [];
  return {
    key: entry.key,
    stage: entry.stage,
    type: kind.type === 'run' ? 'model' : kind.type,
    kind: kind.name,
    params: withPaths(paramsOf(entry.fingerprint), paths),
    files: [...paths.values()],
    bundle,
    packages,
    inputs,
    artifact: Object.fromEntries(artifact.map(({ name, sha256 }) => [name, workspace.cache.path(sha256)])),
  };
}

function absolute(folder: string, name: string): string {
  return isAbsolute(name) ? name : join(folder, name);
}

type Digests = Readonly<Record<string, string>>;

/**
 * Whether a stage does to a row something else than it did. What a model was trained by may have changed: what it
 * predicts is in its artifact.
 */
function isAnother({ fingerprint }: CacheEntry, { kind, code }: LoadedKind, trees: readonly Tree[]): boolean {
  if (kind.type === 'run') return false;
  const does = (modules: Digests, packages: Digests, files: Digests) =>
    new Parts()
      .named('code', Object.entries(modules))
      .named('packages', Object.entries(packages))
      .named('files', kind.type === 'source' ? [] : Object.entries(files))
      .build();
  const part = (group: 'code' | 'packages' | 'files'): Digests => namedParts(fingerprint, group);
  const before = does(part('code'), part('packages'), part('files'));
  const files = Object.fromEntries(trees.map(({ root, digest }) => [root, digest]));
  return changes(before, does(code.modules, code.packages, files)).length > 0;
}

function unknownKind({ stage, kind }: CacheEntry, dependent: string): Problem {
  return {
    message:
      kind === 'command'
        ? `${stage} is a command, which cannot be applied to a new file`
        : `the kind ${kind} cannot be applied to a new file`,
    stage: dependent,
    hint: `Choose another model by --model, or write stages/${kind === 'command' ? '<kind>' : kind}/predict.ts.`,
  };
}

function goneFile({ stage }: CacheEntry, { root }: Tree): Problem {
  return {
    message: `${root}, which it reads, is not there any more`,
    stage,
    hint: 'Put it back, or choose another model by --model.',
  };
}
