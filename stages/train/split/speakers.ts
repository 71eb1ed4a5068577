import { StageFailure } from '../../../runner/kind/index.ts';
import type { RandomState } from '../../random/index.ts';
import { compareText, type Clip } from './clips.ts';

export interface Speaker {
  readonly name: string;
  readonly sex: string;
}

/** The speakers of the clips, sorted by name. */
export function speakersOf(clips: readonly Clip[]): Speaker[] {
  const sexes = new Map(clips.map((clip) => [clip.speaker, clip.sex]));
  return [...sexes].map(([name, sex]) => ({ name, sex })).sort((a, b) => compareText(a.name, b.name));
}

/** Throws StageFailure where there are too few speakers for the protocol. */
export function requireSpeakers(speakers: readonly Speaker[], needed: number, protocol: string): void {
  if (speakers.length >= needed) return;
  throw new StageFailure(
    `the protocol ${protocol} needs ${needed} speakers, and there ${speakers.length === 1 ? 'is' : 'are'} ${speakers.length}`,
    { place: 'kind', hint: 'add speakers, set validationFraction to 0, or use `kind: random`' },
  );
}

/** Deals shuffled speakers into groups whose sizes, and whose numbers of each sex, differ by at most one. */
export function dealSpeakers(
  speakers: readonly Speaker[],
  groups: number,
  random: RandomState,
): ReadonlySet<string>[] {
  const dealt = Array.from({ length: groups }, () => new Set<string>());
  // Each sex goes on where the one before stopped, so that the groups stay of equal size.
  shuffledBySex(speakers, random)
    .flat()
    .forEach((speaker, place) => dealt[place % groups].add(speaker.name));
  return dealt;
}

/** Picks `count` speakers at random, of each sex as near as can be to its share. */
export function pickSpeakers(
  speakers: readonly Speaker[],
  count: number,
  random: RandomState,
): ReadonlySet<string> {
  const bySex = shuffledBySex(speakers, random);
  const picked = new Set<string>();
  const taken = bySex.map(() => 0);
  while (picked.size < Math.min(count, speakers.length)) {
    // The sex furthest behind its share is next.
    const behind = bySex.map((group, index) => (taken[index] + 1) / group.length);
    const next = behind.indexOf(Math.min(...behind));
    picked.add(bySex[next][taken[next]++].name);
  }
  return picked;
}

/**
 * How many of `available` speakers a fraction stands for: none for 0, otherwise at least one, and at least one is
 * left over.
 */
export function speakerCount(fraction: number, available: number): number {
  if (fraction === 0) return 0;
  return Math.min(Math.max(1, Math.round(fraction * available)), available - 1);
}

function shuffledBySex(speakers: readonly Speaker[], random: RandomState): Speaker[][] {
  const sexes = [...new Set(speakers.map((speaker) => speaker.sex))].sort(compareText);
  return random
    .shuffle(sexes)
    .map((sex) => random.shuffle(speakers.filter((speaker) => speaker.sex === sex)));
}
