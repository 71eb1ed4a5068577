import type { KindCode } from '../code/bundle.ts';
import type { StageInstance } from '../config/index.ts';
import { canonicalJson, sha256 } from './hash.ts';
import { type Fingerprint, Parts, type StageInput } from './parts.ts';

/** Raised when stages are run in a way that makes results of old versions unusable. */
const format = 2;

/** The parts that do not depend on inputs: what the stage does. `env` is the environment that it will run in. */
export function staticParts(
  instance: StageInstance,
  code: KindCode | undefined,
  env: NodeJS.ProcessEnv,
): Fingerprint {
  const parts = new Parts().single('format', String(format));
  const { uses } = instance;
  if (uses.type === 'kind') {
    parts.single('kind', uses.name);
    parts.named('code', Object.entries(code?.modules ?? {}));
    parts.named('packages', Object.entries(code?.packages ?? {}));
  } else {
    // A command is told its stage's name, and may make something of it.
    parts.single('stage', instance.name);
    parts.single('command', JSON.stringify(uses.command));
    if (uses.shell !== undefined) parts.single('shell', canonicalJson(uses.shell));
    parts.single('outs', canonicalJson(uses.outs));
  }
  parts.params(uses.params);
  parts.named(
    'env',
    (instance.env ?? []).map((name) => [name, digestOfVariable(env[name])] as const),
  );
  if (instance.rowErrors === 'skip') parts.single('rowErrors', 'skip');
  return parts.build();
}

/** Of a variable's value only its digest is kept: fingerprints are committed, and a value may be a secret. */
function digestOfVariable(value: string | undefined): string {
  return value === undefined ? 'unset' : sha256(value);
}

/** The whole fingerprint of a stage whose inputs are there. */
export function fingerprint(
  instance: StageInstance,
  fixed: Fingerprint,
  inputs: Readonly<Record<string, readonly StageInput[]>>,
  trees: readonly { readonly root: string; readonly digest: string }[],
): Fingerprint {
  const parts = new Parts(fixed);
  const { uses } = instance;
  // A row function never learns which stage its rows come from, so the name is no part of its key.
  const isNamed = uses.type === 'command' || uses.kind.type === 'run';
  for (const [name, artifacts] of Object.entries(inputs)) {
    const isList = uses.type === 'kind' && uses.kind.type === 'run' && uses.kind.inputs[name] === 'many';
    if (isList || artifacts.length !== 1) parts.listInput(name, artifacts);
    else parts.oneInput(name, artifacts[0], isNamed);
  }
  return addFiles(parts, trees).build();
}

/** What a row stage does to a row, whatever the rows: its parts, and the files that decide it. */
export function rowFingerprint(
  fixed: Fingerprint,
  trees: readonly { readonly root: string; readonly digest: string }[],
): Fingerprint {
  return addFiles(new Parts(fixed), trees).build();
}

function addFiles(parts: Parts, trees: readonly { readonly root: string; readonly digest: string }[]): Parts {
  return parts.named(
    'files',
    trees.map(({ root, digest }) => [root, digest] as const),
  );
}

/** The key: SHA-256 over the sorted parts. */
export function keyOf(parts: Fingerprint): string {
  return sha256(canonicalJson(parts));
}
