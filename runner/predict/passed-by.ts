import type { CacheEntry } from '../cache/entry.ts';
import type { Kinds } from '../code/registry.ts';
import { failure, type Problem, type Result, success } from '../errors.ts';
import { canonicalJson } from '../fingerprint/hash.ts';
import { withoutInputs } from '../fingerprint/parts.ts';
import type { Lineage } from './lineage.ts';

/**
 * Where the rows of an artifact were made: the artifact itself, or, of a kind that hands rows on as they are, the first
 * of those that it took in. Fails where these were made in different ways, since it is then not known how a new row
 * would be made.
 */
export async function whereMade(
  kinds: Kinds,
  lineage: Lineage,
  entry: CacheEntry,
): Promise<Result<CacheEntry>> {
  const handedOn = await passedOn(kinds, lineage, entry);
  if (handedOn === undefined) return success(entry);
  const ways = new Map<string, CacheEntry>();
  for (const upstream of handedOn.entries) {
    if (upstream === undefined) return failure(goneInput(entry, handedOn.input));
    const way = await wayOf(kinds, lineage, upstream);
    if (!ways.has(way)) ways.set(way, upstream);
  }
  const [first, ...others] = [...ways.values()];
  if (others.length > 0) return failure(differentWays(entry, first, others[0]));
  return whereMade(kinds, lineage, first);
}

export function goneInput({ stage }: CacheEntry, input: string): Problem {
  return {
    message: `what it took in as ${input} is not in the cache any more`,
    stage,
    hint: 'Run the pipeline again: pipeline run',
  };
}

/** What a stage hands on as it is; undefined of one that makes its rows itself. */
async function passedOn(
  kinds: Kinds,
  lineage: Lineage,
  entry: CacheEntry,
): Promise<{ readonly input: string; readonly entries: readonly (CacheEntry | undefined)[] } | undefined> {
  const kind = await kinds.load(entry.kind);
  if (kind?.type !== 'run' || kind.passes === undefined) return undefined;
  return { input: kind.passes, entries: (await lineage.inputsOf(entry))[kind.passes] ?? [] };
}

/**
 * All that decides how a row of an artifact is made, whatever it is made of: equal texts, equal ways. Of a source that
 * is its kind, since its params say which files there are.
 */
async function wayOf(kinds: Kinds, lineage: Lineage, entry: CacheEntry): Promise<string> {
  const kind = await kinds.load(entry.kind);
  if (kind?.type === 'source') return canonicalJson([entry.kind]);
  const handedOn = await passedOn(kinds, lineage, entry);
  // A model that has learnt something is another where its inputs are.
  if (handedOn === undefined && kind?.type !== 'row') return entry.key;
  const ways = new Set<string>();
  for (const upstream of handedOn?.entries ?? Object.values(await lineage.inputsOf(entry)).flat()) {
    ways.add(upstream === undefined ? 'gone' : await wayOf(kinds, lineage, upstream));
  }
  if (handedOn !== undefined) return ways.size === 1 ? [...ways][0] : canonicalJson([...ways]);
  return canonicalJson([withoutInputs(entry.fingerprint), [...ways]]);
}

function differentWays({ stage }: CacheEntry, one: CacheEntry, other: CacheEntry): Problem {
  return {
    message: `its rows were made in different ways, by ${one.stage} and ${other.stage}: how a new file is to be made into one is not known`,
    stage,
    hint: `Put what differs behind ${stage}, so that all rows pass it; or choose another model by --model.`,
  };
}
