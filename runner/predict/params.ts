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
