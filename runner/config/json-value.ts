/**
 * JSON that says every value it is given in its own way: -0 too, which `JSON.stringify` writes as 0. With sorted keys,
 * equal values give equal text. As in JSON, keys without a value are left out.
 *
 * @throws TypeError on what JSON cannot say, rather than to change it in silence.
 */
export function jsonText(value: unknown, options: { readonly sorted?: boolean } = {}): string {
  if (Array.isArray(value)) return `[${Array.from(value, (item) => jsonText(item, options)).join(',')}]`;
  if (isPlainObject(value)) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    if (options.sorted === true) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner, options)}`).join(',')}}`;
  }
  if (Object.is(value, -0)) return '-0';
  const foreign = foreignName(value);
  if (foreign !== undefined) throw new TypeError(`JSON cannot say ${foreign}`);
  return JSON.stringify(value);
}

/** A value below another that JSON has no word for. */
export interface ForeignValue {
  readonly path: readonly string[];
  /** What it is, e.g. `a Date`. */
  readonly name: string;
}

/** The first value at or below the one given that JSON cannot say; keys without a value are none. */
export function foreignValue(value: unknown, path: readonly string[] = []): ForeignValue | undefined {
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) {
    const name = foreignName(value);
    return name === undefined ? undefined : { path, name };
  }
  for (const [key, inner] of isList
    ? Array.from(value as unknown[], (item, at) => [String(at), item])
    : Object.entries(value)) {
    if (inner === undefined && !isList) continue;
    const found = foreignValue(inner, [...path, key as string]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value with no key that has none, at whatever depth: whoever looks for the key finds what JSON would say. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[key, withoutUndefined(inner)]],
    ),
  );
}

/** Why a number of YAML is not taken; undefined of one that JSON says as it was written. */
export function foreignNumber(value: number, source: string | undefined): string | undefined {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN is no value of JSON' : `${source ?? value} is too large a number`;
  }
  const digits = /^[-+]?(\d+|0x[0-9a-f]+|0o[0-7]+)$/i.exec(source ?? '')?.[1];
  if (digits !== undefined && BigInt(digits) !== BigInt(Math.abs(value))) {
    return `${source!} is read as ${value}: a whole number is exact only up to 2^53`;
  }
  if (value === 0 && /^[-+]?[0-9.]*[1-9]/.test(source ?? '')) return `${source!} is too small a number`;
  return undefined;
}

/** Of another realm too: all that counts is that nothing but `Object` is behind it. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function foreignName(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : String(value);
    case 'object':
      return value === null ? undefined : `a ${value.constructor.name}`;
    default:
      return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
  }
}
