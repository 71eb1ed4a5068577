import pLimit from 'p-limit';
import { storedFiles } from '../cache/entry.ts';
import { entryName, objectName, SharedLayout } from '../cache/shared/shared-layout.ts';
import type { ObjectStore, StoredObject } from '../cache/store/object-store.ts';

/** What may go from a shared store. */
export interface SharedGcPlan {
  readonly entries: readonly StoredObject[];
  readonly files: readonly StoredObject[];
  readonly bytes: number;
  readonly keptBytes: number;
}

const atOnce = 16;

/** What writers and runs on many machines keep while they are at work. */
const passing = ['tmp/', 'segments/', 'lists/', 'plans/'];

/**
 * A file is kept for so much longer than the entries that name it: a machine that found it there, and did not send it
 * again, may be about to name it. Machines send again what is a day old, and are given another for what they are at.
 */
const graceMilliseconds = 2 * 24 * 3600 * 1000;

/**
 * Entries that were put before a time, and files that no entry left names. Nobody knows who else uses a shared store, so
 * that only their age counts.
 */
export async function planSharedGc(
  store: ObjectStore,
  limits: { readonly before: number; readonly silenceMilliseconds: number },
  signal: AbortSignal,
): Promise<SharedGcPlan> {
  const { before, silenceMilliseconds } = limits;
  const layout = new SharedLayout(store, silenceMilliseconds);
  const limit = pLimit(atOnce);
  const dropped: StoredObject[] = [];
  const needed = new Set<string>();
  const reading: Promise<void>[] = [];
  for await (const object of store.list('keys/', signal)) {
    const key = /^keys\/..\/([0-9a-f]{64})\.json$/.exec(object.name)?.[1];
    if (key === undefined || object.modified < before) dropped.push(object);
    else {
      reading.push(
        limit(async () => {
          const found = await layout.entry(key, signal);
          // A damaged one is nobody's hit, and is made again by the next that asks.
          if (found.type === 'damaged') dropped.push(object);
          if (found.type !== 'found') return;
          for (const { sha256 } of storedFiles(found.value)) needed.add(objectName(sha256));
          needed.add(entryName(key));
        }),
      );
    }
  }
  await Promise.all(reading);
  const files: StoredObject[] = [];
  let keptBytes = 0;
  for (const prefix of ['objects/', 'rows/', ...passing]) {
    for await (const object of store.list(prefix, signal)) {
      // A marker of a row key is as good as the entry that it names.
      const marked = /^rows\/[0-9a-f]{64}\/keys\/([0-9a-f]{64})$/.exec(object.name)?.[1];
      const use = marked === undefined ? object.name : entryName(marked);
      if (needed.has(use) || object.modified >= before - graceMilliseconds) keptBytes += object.size;
      else files.push(object);
    }
  }
  const bytes = [...dropped, ...files].reduce((sum, { size }) => sum + size, 0);
  return { entries: dropped, files, bytes, keptBytes };
}

/** Entries go first: whoever is stopped in between must leave none whose files are gone. */
export async function collectShared(
  store: ObjectStore,
  plan: SharedGcPlan,
  signal: AbortSignal,
): Promise<void> {
  const limit = pLimit(atOnce);
  for (const objects of [plan.entries, plan.files]) {
    await Promise.all(objects.map(({ name }) => limit(() => store.delete(name, signal))));
  }
}
