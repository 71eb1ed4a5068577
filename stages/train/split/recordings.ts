import { decodeFingerprint } from '../../audio/fingerprint/fingerprint.ts';
import { RecordingIndex } from '../../audio/fingerprint/match.ts';

/**
 * What tells the recordings of the rows apart: equal audio has one name, and so has what the fingerprints know as one
 * recording at another level, rate, cut or codec. `''` where a row says neither.
 *
 * @param digests of the samples, and `prints` as `encodeFingerprint` writes them; `''` where there is none.
 */
export function recordingsOf(digests: readonly string[], prints: readonly string[]): string[] {
  /** From a name to one that it is the same as; a name to itself, in the end. */
  const same = new Map<string, string>();
  const nameOf = (name: string): string => {
    let last = name;
    for (let next = same.get(last); next !== undefined; next = same.get(last)) last = next;
    return last;
  };
  const names = digests.map((digest, row) => (digest === '' && prints[row] !== '' ? `row ${row}` : digest));
  const index = new RecordingIndex();
  const indexed: string[] = [];
  const seen = new Set<string>();
  for (const [row, print] of prints.entries()) {
    const fingerprint = seen.has(names[row]) ? undefined : decodeFingerprint(print);
    if (fingerprint === undefined) continue;
    seen.add(names[row]);
    for (const other of index.add(fingerprint)) {
      const [one, first] = [nameOf(names[row]), nameOf(indexed[other])];
      if (one !== first) same.set(one, first);
    }
    indexed.push(names[row]);
  }
  return names.map(nameOf);
}
