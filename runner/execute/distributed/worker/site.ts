import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../../../errors.ts';
import type { CacheAddress } from '../../../config/cache-address.ts';
import { openSharedCache, openStore } from '../../../cache/shared/open.ts';
import { acquireLock, lockHolder, type WorkspaceLock } from '../../lock.ts';
import { RunRecords, newRunId } from '../../../record/runs.ts';
import { FileDigests } from '../../../fingerprint/file-digests.ts';
import { View } from '../../../cache/view.ts';
import { openWorkspace, type Workspace } from '../../../workspace.ts';
import { SharedPlace } from '../shared-place.ts';

/** What a worker works in: a checkout, a folder for its own state, and the shared cache. */
export interface Site {
  readonly workspace: Workspace;
  readonly home: string;
  readonly shared: SharedPlace;
  /** Names this worker in logs and failures. */
  readonly identity: string;
  /** Owns what its attempts leave in its state. */
  readonly run: string;
  /** Threads for one activity. */
  readonly threads: number;
  readonly log: (text: string) => void;
}

export interface OpenSite {
  readonly site: Site;
  readonly close: () => void;
}

/** More workers than these on one checkout are hardly meant. */
const slotsAtMost = 256;

/**
 * Opens the first state folder of the checkout that no living worker holds, so that several workers may share a
 * checkout, and one that starts again takes over what the last one had brought and made.
 *
 * @throws PipelineError where the shared cache cannot be opened.
 */
export async function openSite(options: {
  readonly folder: string;
  readonly home: string;
  readonly cache: CacheAddress;
  readonly identity: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}): Promise<OpenSite> {
  const { folder, home, cache: address, signal, log } = options;
  const run = newRunId(new Date());
  const { state, lock } = await takeState(join(folder, 'artifacts', '.cache', 'workers'), run, signal);
  // What a killed worker had under way.
  await rm(join(state, 'tmp'), { recursive: true, force: true });
  const base = openWorkspace(folder, home);
  // Workers only read through this cache: what they make they publish themselves, and see it done.
  const cache = opened(
    openSharedCache({ folder, state, home }, { ...address, write: false }, (event) => {
      if (event.type === 'notice') log(event.message);
    }),
  );
  const store = opened(openStore(address, { folder, home }));
  const workspace: Workspace = {
    ...base,
    state,
    cache,
    view: new View(join(state, 'view'), join(state, 'view.json')),
    digests: new FileDigests(join(state, 'digests')),
    runs: new RunRecords(join(state, 'runs')),
  };
  const shared = new SharedPlace(store, join(state, 'tmp'));
  const { identity, threads } = options;
  return {
    site: { workspace, home, shared, identity, run, threads, log },
    close() {
      shared.close();
      lock.release();
    },
  };
}

async function takeState(
  folder: string,
  run: string,
  signal: AbortSignal,
): Promise<{ state: string; lock: WorkspaceLock }> {
  const since = new Date().toISOString();
  for (let slot = 1; slot <= slotsAtMost; slot += 1) {
    const state = join(folder, String(slot));
    const path = join(state, 'lock');
    if (lockHolder(path) !== undefined) continue;
    // Another that starts at the same moment may be faster: then the next folder is ours.
    const turnedAway = new AbortController();
    const either = AbortSignal.any([signal, turnedAway.signal]);
    try {
      const lock = await acquireLock(
        path,
        { run, command: 'worker', since },
        {
          signal: either,
          onWait: () => {
            turnedAway.abort();
          },
        },
      );
      return { state, lock };
    } catch (error) {
      if (!turnedAway.signal.aborted) throw error;
    }
  }
  throw new PipelineError([{ message: `${slotsAtMost} workers run in this checkout already` }], 2);
}

function opened<T>(result: { ok: true; value: T } | { ok: false; problems: PipelineError['problems'] }): T {
  if (!result.ok) throw new PipelineError(result.problems, 2);
  return result.value;
}

/** What a stage may use of a worker. */
export function threadsFor(site: Site, cpus: number | 'all'): number {
  return cpus === 'all' ? site.threads : Math.min(cpus, site.threads);
}
