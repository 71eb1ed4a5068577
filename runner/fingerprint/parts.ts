import { canonicalJson } from './hash.ts';

/**
 * What decides whether a stage must run, as readable parts: `params.coefficients` → `40`, `code.stages/…/model.ts` →
 * a digest, `inputs.features` → `mfcc@` and a digest. Sorted by name.
 */
export type Fingerprint = Readonly<Record<string, string>>;

/** The groups of parts whose names have one word behind the group's, whatever that holds. */
export type NamedGroup = 'code' | 'packages' | 'files' | 'env';
/** The groups that are one part. */
export type SinglePart = 'format' | 'stage' | 'kind' | 'command' | 'shell' | 'outs' | 'rowErrors';

export interface StageInput {
  /** The instance that made it. */
  readonly stage: string;
  /** The digest of its artifact's contents. */
  readonly digest: string;
}

/** Puts a fingerprint together. No part can take another's place: to add one twice is an error of the runner. */
export class Parts {
  readonly #parts = new Map<string, string>();

  constructor(before: Fingerprint = {}) {
    for (const [name, value] of Object.entries(before)) this.#add(name, value);
  }

  single(name: SinglePart, value: string): this {
    return this.#add(name, value);
  }

  named(group: NamedGroup, values: Iterable<readonly [name: string, value: string]>): this {
    for (const [name, value] of values) this.#add(`${group}.${name}`, value);
    return this;
  }

  /** One part a leaf: `params.loss.gamma`. Lists are leaves, and so are maps without keys. */
  params(params: Readonly<Record<string, unknown>>): this {
    // Of a stage without params there is no part, so that its first param is one addition and no removal.
    if (Object.keys(params).length > 0) this.#flatten(params, 'params');
    return this;
  }

  /** The one artifact of an input: without its stage where the stage that takes it in never learns that. */
  oneInput(name: string, { stage, digest }: StageInput, isNamed: boolean): this {
    return this.#add(`inputs.${word(name)}`, isNamed ? `${stage}@${digest}` : digest);
  }

  /** The artifacts of an input that is a list: each by its stage, and their order. */
  listInput(name: string, artifacts: readonly StageInput[]): this {
    for (const { stage, digest } of artifacts) this.#add(`inputs.${word(name)}.${stage}`, digest);
    return this.#add(`inputs.${word(name)}`, canonicalJson(artifacts.map(({ stage }) => stage)));
  }

  build(): Fingerprint {
    return Object.fromEntries([...this.#parts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #add(name: string, value: string): this {
    if (this.#parts.has(name)) throw new Error(`the fingerprint has two parts ${name}`);
    this.#parts.set(name, value);
    return this;
  }

  #flatten(value: unknown, name: string): void {
    const isMap = value !== null && typeof value === 'object' && !Array.isArray(value);
    if (isMap && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) this.#flatten(inner, `${name}.${word(key)}`);
    } else if (value !== undefined) this.#add(name, canonicalJson(value));
  }
}

/** A name with others behind it: quoted where it has a dot or the like itself, so that no two paths are one. */
function word(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}

/** The words of a path that `word` made. */
function wordsOf(path: string): string[] {
  return [...path.matchAll(/("(?:[^"\\]|\\.)*"|[^.]+)(?:\.|$)/g)].map(([, name]) =>
    name.startsWith('"') ? (JSON.parse(name) as string) : name,
  );
}

/** The values of a group by name. */
export function namedParts(fingerprint: Fingerprint, group: NamedGroup): Record<string, string> {
  const prefix = `${group}.`;
  return Object.fromEntries(
    Object.entries(fingerprint).flatMap(([part, value]) =>
      part.startsWith(prefix) ? [[part.slice(prefix.length), value]] : [],
    ),
  );
}

/** The params that a fingerprint was made of, defaults included: `params.focal.gamma` → `{focal: {gamma: 2}}`. */
export function paramsOf(fingerprint: Fingerprint): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [part, text] of Object.entries(fingerprint)) {
    if (!part.startsWith('params.')) continue;
    const names = wordsOf(part.slice('params.'.length));
    let at = params;
    for (const name of names.slice(0, -1)) at = mapAt(at, name);
    set(at, names.at(-1)!, JSON.parse(text));
  }
  return params;
}

function mapAt(object: Record<string, unknown>, name: string): Record<string, unknown> {
  if (!Object.hasOwn(object, name)) set(object, name, {});
  return object[name] as Record<string, unknown>;
}

/** By definition rather than assignment, which `__proto__` would not survive. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

/** Digests of the artifacts that were taken in, by input, in the order in which the stage saw them. */
export function inputDigests(fingerprint: Fingerprint): Record<string, string[]> {
  const inputs: [string, string[]][] = [];
  for (const [part, value] of Object.entries(fingerprint)) {
    const written = /^inputs\.("(?:[^"\\]|\\.)*"|[^.]+)$/.exec(part)?.[1];
    if (written === undefined) continue;
    const digests = value.startsWith('[')
      ? (JSON.parse(value) as string[]).map((stage) => fingerprint[`inputs.${written}.${stage}`])
      : [value.slice(value.lastIndexOf('@') + 1)];
    inputs.push([wordsOf(written)[0], digests]);
  }
  return Object.fromEntries(inputs);
}

/** What a fingerprint says beside its inputs: what the stage does. */
export function withoutInputs(fingerprint: Fingerprint): Fingerprint {
  return Object.fromEntries(Object.entries(fingerprint).filter(([part]) => !part.startsWith('inputs.')));
}
