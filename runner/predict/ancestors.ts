import type { CacheEntry } from '../cache/entry.ts';
import { namedParts, paramsOf } from '../fingerprint/parts.ts';
import type { Ancestor } from '../kind/index.ts';
import type { Lineage } from './lineage.ts';

/** Every stage behind an artifact that the cache still has, sources first, the artifact's own last. */
export async function ancestorsOf(lineage: Lineage, entry: CacheEntry): Promise<Ancestor[]> {
  const found = new Map<string, Ancestor>();
  const visit = async (at: CacheEntry): Promise<void> => {
    if (found.has(at.key)) return;
    for (const inputs of Object.values(await lineage.inputsOf(at))) {
      for (const input of inputs) if (input !== undefined) await visit(input);
    }
    found.set(at.key, ancestorOf(at));
  };
  await visit(entry);
  return [...found.values()];
}

function ancestorOf({ stage, kind, key, fingerprint }: CacheEntry): Ancestor {
  return {
    stage,
    kind,
    key,
    params: paramsOf(fingerprint),
    packages: namedParts(fingerprint, 'packages'),
  };
}
