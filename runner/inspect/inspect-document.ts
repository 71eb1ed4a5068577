import type { DocumentInspection } from './inspection.ts';

const linesShown = 60;
const deepest = 3;
const itemsShown = 6;
const longestText = 60;

/** The structure of a JSON value: keys, short values, and of a list of objects how many there are and the first. */
export function inspectDocument(name: string, value: unknown): DocumentInspection {
  const lines = [...linesOf('', value, 0)];
  return { name, lines: lines.slice(0, linesShown), more: Math.max(0, lines.length - linesShown) };
}

function* linesOf(
  key: string,
  value: unknown,
  depth: number,
): Generator<DocumentInspection['lines'][number]> {
  if (typeof value !== 'object' || value === null) {
    yield { depth, key, value: scalar(value) };
    return;
  }
  if (Array.isArray(value)) {
    const items = value as unknown[];
    const isFlat = items.every((item) => typeof item !== 'object' || item === null);
    yield {
      depth,
      key,
      value: isFlat ? flatList(items) : `${items.length} item${items.length === 1 ? '' : 's'}`,
    };
    if (!isFlat && depth < deepest) yield* linesOf('[0]', items[0], depth + 1);
    return;
  }
  const entries = Object.entries(value);
  // The outermost object needs no line of its own.
  const inner = key === '' ? depth : depth + 1;
  if (key !== '') yield { depth, key, value: depth < deepest ? '' : `{ ${Object.keys(value).join(', ')} }` };
  if (depth < deepest) for (const [name, item] of entries) yield* linesOf(name, item, inner);
}

function flatList(items: readonly unknown[]): string {
  const shown = items.slice(0, itemsShown).map(scalar).join(', ');
  return items.length > itemsShown ? `[${shown}, … ${items.length} in all]` : `[${shown}]`;
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
}
