import type { Fingerprint } from '../fingerprint/parts.ts';

/** One part of a fingerprint that is not as it was. */
export interface Change {
  /** The part's name, e.g. `params.coefficients`. */
  readonly part: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** `params.coefficients 40 → 13`. */
  readonly sentence: string;
}

/** What a user most likely did comes first. */
const groups = [
  'kind',
  'stage',
  'command',
  'params',
  'env',
  'rowErrors',
  'code',
  'packages',
  'outs',
  'files',
  'inputs',
  'format',
];

/** What differs between two fingerprints, in words. */
export function changes(before: Fingerprint, after: Fingerprint): Change[] {
  const rank = (part: string): number => groups.indexOf(groupOf(part));
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .sort((a, b) => rank(a) - rank(b))
    .filter((part) => before[part] !== after[part])
    .map((part) => {
      const [old, now] = [before[part], after[part]];
      return { part, before: old, after: now, sentence: sentence(part, old, now) };
    });
}

function sentence(part: string, before: string | undefined, after: string | undefined): string {
  const group = groupOf(part);
  const name = part.slice(group.length + 1);
  switch (group) {
    case 'code':
      return `code ${name} ${verb(before, after)}`;
    case 'packages':
      return `package ${name} ${before ?? 'not used'} → ${after ?? 'not used'}`;
    case 'params':
      return `${part} ${before ?? 'unset'} → ${after ?? 'unset'}`;
    case 'env':
      return envSentence(name, before, after);
    case 'inputs':
      return inputSentence(name, before, after);
    case 'files':
      return `files ${name} ${filesVerb(before, after)}`;
    case 'kind':
    case 'stage':
    case 'command':
      return `${part} ${before ?? 'none'} → ${after ?? 'none'}`;
    default:
      return `${part} ${verb(before, after)}`;
  }
}

function groupOf(part: string): string {
  const dot = part.indexOf('.');
  return dot < 0 ? part : part.slice(0, dot);
}

/** A variable's value may be a secret: whether it is set is told, and that it is another. */
function envSentence(name: string, before: string | undefined, after: string | undefined): string {
  const state = (value: string): string => (value === 'unset' ? value : 'set');
  if (before === undefined || after === undefined) return `env ${name} ${verb(before, after)}`;
  const [old, now] = [state(before), state(after)];
  return old === now ? `env ${name} changed` : `env ${name} ${old} → ${now}`;
}

function inputSentence(name: string, before: string | undefined, after: string | undefined): string {
  const stageOf = (value: string | undefined): string | undefined =>
    value?.includes('@') === true ? value.slice(0, value.lastIndexOf('@')) : undefined;
  const [old, now] = [stageOf(before), stageOf(after)];
  if (old !== undefined && now !== undefined && old !== now) return `input ${name} ${old} → ${now}`;
  return `input ${name} ${verb(before, after)}`;
}

function filesVerb(before: string | undefined, after: string | undefined): string {
  const [was, is] = [before, after].map((digest) => digest !== undefined && digest !== 'missing');
  if (after === 'missing') return was ? 'are gone' : 'are not there';
  return before === 'missing' && is ? 'added' : verb(before, after);
}

function verb(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

/** A list of reasons as one sentence of bearable length; `explain` gives them all. */
export function inShort(reasons: readonly string[], most = 3): string {
  const more = reasons.length - most;
  if (more <= 0) return reasons.join('; ');
  return `${reasons.slice(0, most).join('; ')}; and ${more} more`;
}
