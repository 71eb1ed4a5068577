import type { CacheEntry } from '../cache/entry.ts';
import type { Pipeline } from '../config/index.ts';
import { canonicalJson, sha256 } from '../fingerprint/hash.ts';
import { type Fingerprint, namedParts, paramsOf } from '../fingerprint/parts.ts';
import { dagMermaid, dagSvg, type States } from '../graph/index.ts';
import type { Provenance, RunFacts, StageFacts } from '../kind/index.ts';
import type { RunRecord, RunSoFar } from '../record/runs.ts';
import type { Origin } from './lineage.ts';

/** How an artifact came to be, as the run sees it that shows it. `recordOf` gives runs that are still on record. */
export async function provenanceOf(
  pipeline: Pipeline,
  origins: readonly Origin[],
  run: RunSoFar,
  recordOf: (id: string) => RunRecord | undefined,
): Promise<Provenance> {
  const stages = origins.map((origin) => stageFacts(origin, run, recordOf));
  const states: States = new Map(stages.map(({ stage, cached }) => [stage, cached ? 'cached' : 'ran']));
  const drawn: Pipeline = { ...pipeline, instances: origins.map(({ instance }) => instance), leftOut: [] };
  const dag = { svg: await dagSvg(drawn, states), mermaid: dagMermaid(drawn, states) };
  return { run: runFacts(run), stages, dag };
}

function runFacts({ id, started, command, profile, environment }: RunSoFar): RunFacts {
  return {
    id,
    started,
    command,
    ...(profile !== undefined && { profile }),
    ...(environment !== undefined && { environment }),
  };
}

function stageFacts(
  { instance, entry }: Origin,
  run: RunSoFar,
  recordOf: (id: string) => RunRecord | undefined,
): StageFacts {
  const { name, uses, inputs } = instance;
  const record = entry === undefined ? undefined : entry.run === run.id ? run : recordOf(entry.run);
  const made = entry === undefined ? undefined : recordIn(record, entry);
  const fingerprint: Fingerprint = entry?.fingerprint ?? {};
  const kind = uses.type === 'kind' ? uses.name : 'command';
  return {
    stage: name,
    kind,
    key: entry?.key ?? '',
    artifact: entry?.manifest.digest ?? '',
    params: uses.type === 'command' ? { command: uses.command, ...uses.params } : paramsOf(fingerprint),
    packages: namedParts(fingerprint, 'packages'),
    code: sha256(canonicalJson(namedParts(fingerprint, 'code'))),
    inputs,
    measurements: entry?.measurements ?? {},
    cached: entry?.run !== run.id,
    ...(record !== undefined && { madeBy: runFacts(record) }),
    ...(made?.wallMs !== undefined && { wallMs: made.wallMs }),
    ...(made?.rows !== undefined && { rows: made.rows }),
  };
}

/** What the run that made an artifact says of it; it may have called the stage by another name. */
function recordIn(record: RunSoFar | undefined, { stage, manifest }: CacheEntry) {
  const made = record?.stages[stage];
  return made?.status === 'ran' && made.artifact === manifest.digest ? made : undefined;
}
