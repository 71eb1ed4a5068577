import type { CacheEntry } from '../cache/entry.ts';
import type { StageInstance } from '../config/index.ts';
import type { StageInput } from '../fingerprint/parts.ts';

/** The digests of the artifacts that go into an instance's key, with the names it knows them by. */
export function inputsOf(
  instance: StageInstance,
  inputs: Readonly<Record<string, readonly CacheEntry[]>>,
): Record<string, StageInput[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, entries]) => [
      name,
      entries.map(({ manifest }, at) => ({ stage: instance.inputs[name][at], digest: manifest.digest })),
    ]),
  );
}
