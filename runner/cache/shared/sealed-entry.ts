import { canonicalJson, sha256 } from '../../fingerprint/hash.ts';
import { isEntryOf } from '../check-entry.ts';
import type { CacheEntry } from '../entry.ts';

/**
 * An entry as a shared store holds it: with the digest of its own text, since nothing else would tell one that was cut
 * or garbled on its way.
 */
export function sealEntry(entry: CacheEntry): Uint8Array {
  return Buffer.from(`${JSON.stringify({ sha256: sha256(canonicalJson(entry)), entry }, null, 1)}\n`);
}

/** Undefined where the text is not what was sealed, or is no entry of this key. */
export function openEntry(text: string, key: string): CacheEntry | undefined {
  const sealed = parseJson(text);
  if (typeof sealed !== 'object' || sealed === null) return undefined;
  const { sha256: seal, entry } = sealed as { readonly sha256?: unknown; readonly entry?: unknown };
  return isEntryOf(key, entry) && seal === sha256(canonicalJson(entry)) ? entry : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
