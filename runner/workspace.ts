import { basename, join } from 'node:path';
import { Aside } from './cache/aside.ts';
import type { Cache } from './cache/cache.ts';
import { LocalCache } from './cache/local.ts';
import { View } from './cache/view.ts';
import { Kinds } from './code/registry.ts';
import { type Executor, localExecutor } from './execute/stage-process.ts';
import { FileDigests } from './fingerprint/file-digests.ts';
import { OutLedger } from './outs/index.ts';
import { TreeListings } from './plan/row-delta.ts';
import { lockfileOf } from './record/lockfile.ts';
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
  /** What of the outs of commands, where they write them, is theirs. */
  readonly outs: OutLedger;
  /** Where files are moved that stand in the way and are nobody's to remove. */
  readonly aside: Aside;
  readonly digests: FileDigests;
  readonly runs: RunRecords;
  readonly trees: TreeListings;
  readonly executor: Executor;
}

export function openWorkspace(
  folder: string,
  home: string,
  executor = localExecutor(folder),
  file = 'pipeline.yaml',
): Workspace {
  const artifacts = join(folder, 'artifacts');
  const state = join(artifacts, '.cache');
  const aside = new Aside(folder, artifacts);
  return {
    folder,
    home,
    artifacts,
    state,
    lockPath: join(state, 'lock'),
    lockfilePath: join(folder, lockfileOf(file)),
    kinds: new Kinds({ workspace: folder, home }),
    cache: new LocalCache(state),
    view: new View(artifacts, join(state, 'view.json'), { pipeline: basename(file), aside }),
    outs: new OutLedger(folder, join(state, 'outs.json')),
    aside,
    digests: new FileDigests(join(state, 'digests')),
    runs: new RunRecords(join(state, 'runs')),
    trees: new TreeListings(join(state, 'trees')),
    executor,
  };
}
