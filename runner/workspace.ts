import { join } from 'node:path';
import type { Cache } from './cache/cache.ts';
import { LocalCache } from './cache/local.ts';
import { View } from './cache/view.ts';
import { Kinds } from './code/registry.ts';
import { type Executor, localExecutor } from './execute/stage-process.ts';
import { FileDigests } from './fingerprint/file-digests.ts';
import { TreeListings } from './plan/row-delta.ts';
import { RunRecords } from './record/runs.ts';

/** The folders and stores of one workspace: where `pipeline.yaml` lies. */
export interface Workspace {
  readonly folder: string;
  /** The folder of the product. */
  readonly home: string;
  readonly artifacts: string;
  readonly state: string;
  readonly lockPath: string;
  readonly lockfilePath: string;
  readonly kinds: Kinds;
  readonly cache: Cache;
  /** What the command line or the environment names in place of the cache that pipeline.yaml shares. */
  readonly sharedCache?: { readonly address: string; readonly place: string };
  readonly view: View;
  /** The outs of command stages, where the commands write them. */
  readonly outs: View;
  readonly digests: FileDigests;
  readonly runs: RunRecords;
  readonly trees: TreeListings;
  readonly executor: Executor;
}

export function openWorkspace(
  folder: string,
  home: string,
  executor = localExecutor(folder),
  lockfile = 'pipeline.lock',
): Workspace {
  const artifacts = join(folder, 'artifacts');
  const state = join(artifacts, '.cache');
  return {
    folder,
    home,
    artifacts,
    state,
    lockPath: join(state, 'lock'),
    lockfilePath: join(folder, lockfile),
    kinds: new Kinds({ workspace: folder, home }),
    cache: new LocalCache(state),
    view: new View(artifacts, join(state, 'view.json')),
    outs: new View(folder, join(state, 'outs.json'), () => ''),
    digests: new FileDigests(join(state, 'digests')),
    runs: new RunRecords(join(state, 'runs')),
    trees: new TreeListings(join(state, 'trees')),
    executor,
  };
}
