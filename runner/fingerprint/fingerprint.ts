import type { KindCode } from '../code/bundle.ts';
import type { StageInstance } from '../config/index.ts';
import { canonicalJson, sha256 } from './hash.ts';

/** Raised when stages are run in a way that makes results of old versions unusable. */
const format = 1;

/**
 * What decides whether a stage must run, as readable parts: `params.coefficients` → `40`, `code.stages/…/model.ts` →
 * a digest, `inputs.features` → `mfcc@` and a digest. Sorted by name.
 */
export type Fingerprint = Readonly<Record<string, string>>;

export interface StageInput {
  /** The instance that made it. */
  readonly stage: string;
  /** The digest of its artifact's contents. */
  readonly digest: string;
}

/** The parts that do not depend on inputs: what the stage does. */
export function staticParts(instance: StageInstance, code: KindCode | undefined): Fingerprint {
  const parts = new Map<string, string>([['format', String(format)]]);
  const { uses } = instance;
  if (uses.type === 'kind') {
    parts.set('kind', uses.name);
    for (const [module, digest] of Object.entries(code?.modules ?? {})) parts.set(`code.${module}`, digest);
    for (const [name, version] of Object.entries(code?.packages ?? {}))
      parts.set(`packages.${name}`, version);
  } else {
    parts.set('command', JSON.stringify(uses.command));
    if (uses.shell !== undefined) parts.set('shell', canonicalJson(uses.shell));
    parts.set('outs', canonicalJson(uses.outs));
  }
  // Of a stage without params there is no part, so that its first param is one addition and no removal.
  if (Object.keys(uses.params).length > 0) flatten(uses.params, 'params', parts);
  if (instance.rowErrors === 'skip') parts.set('rowErrors', 'skip');
  return sortedParts(parts);
}

/** The whole fingerprint of a stage whose inputs are there. */
export function fingerprint(
  instance: StageInstance,
  fixed: Fingerprint,
  inputs: Readonly<Record<string, readonly StageInput[]>>,
  trees: readonly { readonly root: string; readonly digest: string }[],
): Fingerprint {
  const parts = new Map(Object.entries(fixed));
  const { uses } = instance;
  // A row function never learns which stage its rows come from, so the name is no part of its key.
  const named = uses.type === 'command' || uses.kind.type === 'run';
  for (const [name, artifacts] of Object.entries(inputs)) {
    const many = uses.type === 'kind' && uses.kind.type === 'run' && uses.kind.inputs[name] === 'many';
    artifacts.forEach(({ stage, digest }) => {
      if (many) parts.set(`inputs.${name}.${stage}`, digest);
      else parts.set(`inputs.${name}`, named ? `${stage}@${digest}` : digest);
    });
    // The order of a list is visible to the stage.
    if (many) parts.set(`inputs.${name}`, canonicalJson(artifacts.map(({ stage }) => stage)));
  }
  for (const tree of trees) parts.set(`files.${tree.root}`, tree.digest);
  return sortedParts(parts);
}

/** The key: SHA-256 over the sorted parts. */
export function keyOf(parts: Fingerprint): string {
  return sha256(canonicalJson(parts));
}

/** One part a leaf: `params.loss.gamma`. Lists are leaves. */
function flatten(value: unknown, name: string, parts: Map<string, string>): void {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (isObject && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) {
      // Quoted where it has a dot itself, so that no two params share a part.
      flatten(inner, `${name}.${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`, parts);
    }
  } else if (value !== undefined) {
    parts.set(name, canonicalJson(value));
  }
}

function sortedParts(parts: ReadonlyMap<string, string>): Fingerprint {
  return Object.fromEntries([...parts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
