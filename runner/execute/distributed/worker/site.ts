import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../../../errors.ts';
import type { CacheAddress } from '../../../config/cache-address.ts';
import { openSharedCache, openStore } from '../../../cache/shared/open.ts';
import { RunRecords } from '../../../record/runs.ts';
import { FileDigests } from '../../../fingerprint/file-digests.ts';
import { Aside } from '../../../cache/aside.ts';
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
  /** How to bring its code to be that of the plan, for messages. */
  readonly sameCode: string;
  readonly log: (text: string) => void;
}

/**
 * Opens what a worker works in. Workers only read through the cache: what they make they publish themselves, and see it
 * done.
 *
 * @throws PipelineError where the shared cache cannot be opened.
 */
export async function openSite(options: {
  readonly folder: string;
  readonly home: string;
  readonly cache: CacheAddress;
  /** A folder that no other living worker uses. */
  readonly state: string;
  /** Where artifacts are kept that are brought and made: workers may share it. Left out, in the worker's own state. */
  readonly objects?: string;
  readonly identity: string;
  readonly run: string;
  readonly threads: number;
  readonly sameCode: string;
  readonly log: (text: string) => void;
}): Promise<Site> {
  const {
    folder,
    home,
    cache: address,
    state,
    objects = state,
    identity,
    run,
    threads,
    sameCode,
    log,
  } = options;
  // What a killed worker had under way.
  await rm(join(state, 'tmp'), { recursive: true, force: true });
  const base = openWorkspace(folder, home);
  const cache = opened(
    openSharedCache({ folder, state: objects, home }, { ...address, write: false }, (event) => {
      if (event.type === 'notice') log(event.message);
    }),
  );
  const store = opened(openStore(address, { folder, home }));
  const workspace: Workspace = {
    ...base,
    state,
    cache,
    view: new View(join(state, 'view'), join(state, 'view.json'), {
      pipeline: 'pipeline.yaml',
      aside: new Aside(state, state),
    }),
    digests: new FileDigests(join(state, 'digests')),
    runs: new RunRecords(join(state, 'runs')),
  };
  const shared = new SharedPlace(store, join(state, 'tmp'));
  return { workspace, home, shared, identity, run, threads, sameCode, log };
}

function opened<T>(result: { ok: true; value: T } | { ok: false; problems: PipelineError['problems'] }): T {
  if (!result.ok) throw new PipelineError(result.problems, 2);
  return result.value;
}

/** What a stage may use of a worker. */
export function threadsFor(site: Site, cpus: number | 'all'): number {
  return cpus === 'all' ? site.threads : Math.min(cpus, site.threads);
}
