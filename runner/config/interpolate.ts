import type { Place } from '../errors.ts';
import type { Entry, Located, LocatedScalar } from './located.ts';

/** The values of a matrix's keys in one instance. */
export type Bindings = ReadonlyMap<string, LocatedScalar>;

/** Called for each `${name}` that names no matrix key. */
export type OnUnknown = (name: string, place: Place) => void;

const variable = /\$(\$?)\{([^{}]*)\}/g;
const onlyVariable = /^\$\{([^{}]*)\}$/;

/**
 * Replaces each `${name}` by the matrix's value; `$${name}` stays as `${name}`. A text that is just `${name}`
 * keeps the value's type, and its place, so that an error points at the value.
 */
export function interpolate(node: Located, bindings: Bindings, onUnknown: OnUnknown): Located {
  switch (node.type) {
    case 'scalar':
      return typeof node.value === 'string' && node.value.includes('${')
        ? interpolateText(node, node.value, bindings, onUnknown)
        : node;
    case 'list': {
      const items = node.items.map((item) => interpolate(item, bindings, onUnknown));
      return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
    }
    case 'map': {
      let changed = false;
      const entries = new Map<string, Entry>();
      for (const [key, entry] of node.entries) {
        const value = interpolate(entry.value, bindings, onUnknown);
        changed ||= value !== entry.value;
        entries.set(key, value === entry.value ? entry : { ...entry, value });
      }
      return changed ? { ...node, entries } : node;
    }
  }
}

function interpolateText(
  node: LocatedScalar,
  text: string,
  bindings: Bindings,
  onUnknown: OnUnknown,
): LocatedScalar {
  const whole = onlyVariable.exec(text);
  const bound = bindings.get(whole?.[1]?.trim() ?? '');
  if (bound !== undefined) {
    return bound;
  }
  const value = text.replaceAll(variable, (match, escaped: string, name: string) => {
    if (escaped === '$') {
      return match.slice(1);
    }
    const value = bindings.get(name.trim());
    if (value === undefined) {
      onUnknown(name.trim(), node.place);
      return match;
    }
    return String(value.value);
  });
  return { ...node, value };
}

/** The names of all `${name}` in a value. */
export function variablesIn(node: Located | undefined, found = new Set<string>()): Set<string> {
  if (node?.type === 'list') {
    node.items.forEach((item) => variablesIn(item, found));
  } else if (node?.type === 'map') {
    node.entries.forEach((entry) => variablesIn(entry.value, found));
  } else if (typeof node?.value === 'string') {
    for (const [, escaped, name] of node.value.matchAll(variable)) {
      if (escaped === '') {
        found.add(name.trim());
      }
    }
  }
  return found;
}
