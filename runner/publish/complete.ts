import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';
import type { Pipeline } from '../config/index.ts';
import type { Emit } from '../events.ts';
import { failureOf } from '../execute/failure.ts';
import { canonicalJson, sha256 } from '../fingerprint/hash.ts';
import type { Publisher } from '../kind/index.ts';
import type { RunSoFar } from '../record/runs.ts';
import type { Workspace } from '../workspace.ts';
import { type Origin, originsOf } from './lineage.ts';

/** What a run shows. */
export interface ShownRun {
  readonly pipeline: Pipeline;
  /** What the selected stages made or had. */
  readonly artifacts: ReadonlyMap<string, CacheEntry>;
  /** What they took in from stages that were not selected. */
  readonly given: ReadonlyMap<string, CacheEntry>;
  readonly record: RunSoFar;
}

/**
 * Completes what `artifacts/` shows of the stages whose kinds bring a publisher along, once a run is over and its
 * timings are known. What is completed with the same already is left alone, so that a run in which nothing changed
 * writes nothing. A publisher that fails costs only its additions.
 */
export async function completeShown(workspace: Workspace, run: ShownRun, emit: Emit): Promise<void> {
  for (const { name, uses } of run.pipeline.instances) {
    const entry = run.artifacts.get(name);
    if (entry === undefined || uses.type !== 'kind') continue;
    try {
      await completeOne(workspace, run, { name, kind: uses.name, entry });
    } catch (error) {
      const message = `what it made is shown without how it was made: ${failureOf(error).message}`;
      emit({ type: 'notice', stage: name, message });
    }
  }
}

async function completeOne(
  workspace: Workspace,
  { pipeline, artifacts, given, record }: ShownRun,
  { name, kind, entry }: { readonly name: string; readonly kind: string; readonly entry: CacheEntry },
): Promise<void> {
  const { cache, kinds, runs, view } = workspace;
  const file = `stages/${kind}/publish.ts`;
  const built = await kinds.bundleOf(file);
  if (built === undefined) return;
  const origins = await originsOf(workspace, pipeline, new Map([...given, ...artifacts]), name);
  const completed = signatureOf(origins, built.bundle);
  if (view.completedWith(name) === completed) return;
  const publisher = (await kinds.module(file)) as Publisher;
  // Loaded only when due: what draws would cost every other run its time.
  const { provenanceOf } = await import('./provenance.ts');
  const provenance = await provenanceOf(pipeline, origins, record, (id) => runs.read(id));
  for (const { name: shown, sha256: digest } of entry.manifest.files) {
    if (!publisher.files.includes(shown)) continue;
    const text = await readFile(cache.path(digest), 'utf8');
    await view.complete(name, shown, publisher.complete(shown, text, provenance), completed);
  }
}

/** The artifacts, the runs that made them, and the code that writes it down. */
function signatureOf(origins: readonly Origin[], bundle: string): string {
  const made = origins.map(({ instance, entry }) => [instance.name, entry?.key ?? '', entry?.run ?? '']);
  return sha256(canonicalJson([basename(dirname(bundle)), made]));
}
