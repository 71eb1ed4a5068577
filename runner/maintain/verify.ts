import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Damage } from '../cache/cache.ts';
import { storedFiles } from '../cache/entry.ts';
import { hashFile } from '../fingerprint/hash.ts';
import type { Workspace } from '../workspace.ts';

export interface Verification {
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
  readonly damage: readonly (Damage & { readonly key: string })[];
}

/**
 * Re-reads every file of the cache. What is damaged is removed, with the entries that need it, so that the next run
 * makes them again.
 */
export async function verifyCache(workspace: Workspace): Promise<Verification> {
  const sound = new Map<string, Damage['reason'] | undefined>();
  const damage: (Damage & { key: string })[] = [];
  let entries = 0;
  let bytes = 0;
  for await (const entry of workspace.cache.entries()) {
    const { key, stage } = entry;
    entries += 1;
    const found: Damage[] = [];
    for (const { name, sha256, size } of storedFiles(entry)) {
      if (!sound.has(sha256)) {
        const reason = await damageOf(workspace.cache.path(sha256), sha256, size);
        if (reason === 'changed') await rm(workspace.cache.path(sha256), { recursive: true });
        sound.set(sha256, reason);
        bytes += size;
      }
      const reason = sound.get(sha256);
      if (reason !== undefined) found.push({ stage, file: name, reason });
    }
    damage.push(...found.map((file) => ({ ...file, key })));
    if (found.length > 0) await workspace.cache.forget(key);
  }
  for (const key of await workspace.cache.damagedEntries()) {
    entries += 1;
    damage.push({ key, stage: undefined, file: `the entry of key ${key.slice(0, 12)}`, reason: 'changed' });
    await workspace.cache.forget(key);
  }
  return { entries, files: sound.size, bytes, damage };
}

async function damageOf(path: string, sha256: string, size: number): Promise<Damage['reason'] | undefined> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'missing';
  // Only a file of its size is read: a pipe or a device in its place would never end.
  if (!stats.isFile() || stats.size !== size) return 'changed';
  return (await hashFile(path)) === sha256 ? undefined : 'changed';
}
