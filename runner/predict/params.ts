import type { Fingerprint } from '../fingerprint/fingerprint.ts';

/** The params that a fingerprint was made of, defaults included: `params.focal.gamma` → `{focal: {gamma: 2}}`. */
export function paramsOf(fingerprint: Fingerprint): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [part, text] of Object.entries(fingerprint)) {
    if (!part.startsWith('params.')) continue;
    const names = namesIn(part.slice('params.'.length));
    let at = params;
    for (const name of names.slice(0, -1)) at = inner(at, name);
    set(at, names.at(-1)!, JSON.parse(text));
  }
  return params;
}

/** Names joined by dots; one that has a dot itself is a JSON string. */
function namesIn(path: string): string[] {
  return [...path.matchAll(/("(?:[^"\\]|\\.)*"|[^.]+)(?:\.|$)/g)].map(([, name]) =>
    name.startsWith('"') ? (JSON.parse(name) as string) : name,
  );
}

function inner(object: Record<string, unknown>, name: string): Record<string, unknown> {
  if (!Object.hasOwn(object, name)) set(object, name, {});
  return object[name] as Record<string, unknown>;
}

/** By definition rather than assignment, which `__proto__` would not survive. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

/** Params with other paths where they name files: every text that `pathOf` has. */
export function withPaths(
  params: Readonly<Record<string, unknown>>,
  pathOf: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return pathOf.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replace);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replace(item)]));
  };
  return replace(params) as Record<string, unknown>;
}
