import { compareText } from './compare-text.ts';

/** Words that stand for one thing, and the one of them that all are written as. */
export interface Merged {
  readonly kept: string;
  /** In the order of their letters. */
  readonly spellings: readonly string[];
  /** In what the spellings differ. */
  readonly differences: readonly string[];
}

/** Ways in which one word may be written in two ways, with what undoes each. */
const ways = [
  { name: 'Unicode form', undo: (word: string) => word.normalize('NFKC').replace(/\p{Cf}/gu, '') },
  { name: 'case', undo: (word: string) => word.toUpperCase().toLowerCase() },
  { name: 'spaces or dashes', undo: (word: string) => word.replace(/[\s_\p{Pd}]+/gu, ' ').trim() },
] as const;

/** What all spellings of a word have in common. */
export function spellingKey(word: string): string {
  return ways.reduce((text, { undo }) => undo(text), word);
}

/**
 * Writes each word as the commonest of its spellings. Words are of one thing only where `within` agrees, such as two
 * speakers of one corpus.
 */
export function inOneSpelling(
  words: readonly string[],
  within: readonly string[] = [],
): { readonly words: readonly string[]; readonly merged: readonly Merged[] } {
  const keyOf = new Map<string, string>();
  const counts = new Map<string, Map<string, number>>();
  const keys = words.map((word, row) => {
    let own = keyOf.get(word);
    if (own === undefined) keyOf.set(word, (own = spellingKey(word)));
    const key = `${within[row] ?? ''}\0${own}`;
    let spellings = counts.get(key);
    if (spellings === undefined) counts.set(key, (spellings = new Map<string, number>()));
    spellings.set(word, (spellings.get(word) ?? 0) + 1);
    return key;
  });
  const kept = new Map<string, string>();
  const merged: Merged[] = [];
  for (const [key, spellings] of counts) {
    const [[commonest]] = [...spellings].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
    kept.set(key, commonest);
    if (spellings.size === 1) continue;
    const names = [...spellings.keys()].sort(compareText);
    merged.push({ kept: commonest, spellings: names, differences: differencesOf(names) });
  }
  return { words: keys.map((key) => kept.get(key)!), merged };
}

/** The ways without whose undoing the words would not agree. */
function differencesOf(words: readonly string[]): string[] {
  const needed = ways.filter((way) => {
    const others = ways.filter((other) => other !== way);
    return new Set(words.map((word) => others.reduce((text, { undo }) => undo(text), word))).size > 1;
  });
  return (needed.length === 0 ? ways : needed).map(({ name }) => name);
}

/** Names that one slip apart may be one, of which nobody but their author knows. */
export interface NearNames {
  readonly names: readonly [string, string];
  readonly how: string;
}

/** A scheme of names, such as one letter that counts, has more neighbours than this; a slip has not. */
const mostNeighbours = 2;

/**
 * Pairs of distinct names that differ in zeros before a number, in accents, or in one letter. Of names shorter than
 * `least` one letter is no sign of a slip; neither is the last one, nor a digit: those count.
 */
export function nearNames(names: readonly string[], least: number): NearNames[] {
  const found = new Map<string, NearNames>();
  const add = (one: string, other: string, how: string): void => {
    const pair = [one, other].sort(compareText) as [string, string];
    const key = pair.join('\0');
    if (one !== other && !found.has(key)) found.set(key, { names: pair, how });
  };
  const agreeing = (keyOf: (name: string) => string, how: string): void => {
    const groups = new Map<string, string>();
    for (const name of names) {
      const key = keyOf(spellingKey(name));
      const first = groups.get(key);
      if (first === undefined) groups.set(key, name);
      else add(first, name, how);
    }
  };
  agreeing((name) => name.replace(/(?<!\d)0+(?=\d)/g, ''), 'zeros before a number');
  agreeing((name) => name.normalize('NFD').replace(/\p{M}/gu, ''), 'accents');
  for (const [one, other] of oneLetterApart(names, least)) add(one, other, 'one letter');
  return [...found.values()].sort((a, b) => compareText(a.names.join('\0'), b.names.join('\0')));
}

function oneLetterApart(names: readonly string[], least: number): [string, string][] {
  const long = names
    .map((name) => ({ name, key: spellingKey(name) }))
    .filter(({ key }) => key.length >= least);
  // Two words are one letter apart where they agree once a letter of either or both is taken out.
  const without = new Map<string, { name: string; key: string; at: number }[]>();
  const pairs = new Map<string, [string, string]>();
  const neighbours = new Map<string, Set<string>>();
  const pair = (one: { name: string; key: string }, other: { name: string; key: string }): void => {
    const sorted = [one.name, other.name].sort(compareText) as [string, string];
    pairs.set(sorted.join('\0'), sorted);
    for (const [a, b] of [
      [one.name, other.name],
      [other.name, one.name],
    ]) {
      neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
    }
  };
  const whole = new Map(long.map((entry) => [entry.key, entry] as const));
  for (const entry of long) {
    for (let at = 0; at < entry.key.length; at++) {
      if (/\d/.test(entry.key[at])) continue;
      const rest = entry.key.slice(0, at) + entry.key.slice(at + 1);
      const shorter = whole.get(rest);
      if (shorter !== undefined) pair(entry, shorter);
      if (at === entry.key.length - 1) continue;
      const others = without.get(`${at} ${rest}`);
      if (others === undefined) without.set(`${at} ${rest}`, [{ ...entry, at }]);
      else {
        for (const other of others) if (other.key !== entry.key) pair(entry, other);
        others.push({ ...entry, at });
      }
    }
  }
  return [...pairs.values()].filter((both) =>
    both.every((name) => neighbours.get(name)!.size <= mostNeighbours),
  );
}
