import { distance } from 'fastest-levenshtein';

/** The candidate that `name` is most likely a misspelling of, if any is near enough. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.ceil(name.length / 3));
  let best: string | undefined;
  let bestEdits = limit + 1;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    // A name cut short is near however much is missing, as `coefs` to `coefficients`.
    const isCut = commonPrefix(wanted, known) >= Math.max(3, wanted.length - 1);
    const edits = isCut ? Math.min(limit, distance(wanted, known)) : distance(wanted, known);
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) {
    length++;
  }
  return length;
}

/** The hint for an unknown name: the nearest one, else all there are, at most twelve. */
export function suggestion(name: string, candidates: readonly string[], plural: string): string {
  const near = nearest(name, candidates);
  if (near !== undefined) {
    return `did you mean ${near}?`;
  }
  return candidates.length === 0 ? `there are no ${plural}` : `${plural}: ${listed(candidates)}`;
}

/** Names in a row, at most twelve. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown}, … (${names.length} in all)` : shown;
}

/** A sentence as part of another. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
