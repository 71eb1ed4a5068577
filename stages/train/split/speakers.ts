import { StageFailure } from '../../../runner/kind/index.ts';
import type { RandomState } from '../../random/index.ts';
import { compareText, type Clip } from './clips.ts';
import { Deal } from './deal/deal.ts';
import { dealExactly, waysToDeal } from './deal/exact.ts';
import { improve, type Effort } from './deal/search.ts';

export interface Speaker {
  readonly name: string;
  readonly sex: string;
  /** How many clips of each emotion that he or she says. */
  readonly clips: ReadonlyMap<string, number>;
}

/** The speakers of the clips, sorted by name. */
export function speakersOf(clips: readonly Clip[]): Speaker[] {
  const known = new Map<string, { name: string; sex: string; clips: Map<string, number> }>();
  for (const { speaker, sex, emotion } of clips) {
    let entry = known.get(speaker);
    if (entry === undefined) known.set(speaker, (entry = { name: speaker, sex, clips: new Map() }));
    entry.sex = sex;
    entry.clips.set(emotion, (entry.clips.get(emotion) ?? 0) + 1);
  }
  return [...known.values()].sort((a, b) => compareText(a.name, b.name));
}

/** Throws StageFailure where there are too few speakers for the protocol. */
export function requireSpeakers(speakers: readonly Speaker[], needed: number, protocol: string): void {
  if (speakers.length >= needed) return;
  throw new StageFailure(
    `the protocol ${protocol} needs ${needed} speakers, and there ${speakers.length === 1 ? 'is' : 'are'} ${speakers.length}`,
    { place: 'kind', hint: 'add speakers, set validationFraction to 0, or use `kind: random`' },
  );
}

/** Up to so many ways to deal are all tried. */
const waysToTry = 20_000;

/**
 * Deals speakers into groups that are each tested by a model trained on the others: first of all so that every emotion
 * is said outside each group, then so that it is said in each, then in sizes that differ by at most one, then evenly by
 * emotion, clips and sex (`Cost`). Where nothing is better than shuffled speakers dealt by sex, that is the deal.
 *
 * @param validated whether a part of the others is to validate: two of them should then say each emotion.
 */
export function dealSpeakers(
  speakers: readonly Speaker[],
  groups: number,
  random: RandomState,
  validated: boolean,
): ReadonlySet<string>[] {
  const deal = new Deal(speakers, {
    groups,
    share: 1 / groups,
    least: Math.floor(speakers.length / groups),
    most: Math.ceil(speakers.length / groups),
    reserve: validated ? 2 : 1,
  });
  const places = new Map(speakers.map((speaker, place) => [speaker, place]));
  const draw = (): Int32Array => {
    const groupOf = new Int32Array(speakers.length);
    // Each sex goes on where the one before stopped, so that the groups stay of equal size.
    for (const [turn, speaker] of shuffledBySex(speakers, random).flat().entries()) {
      groupOf[places.get(speaker)!] = turn % groups;
    }
    return groupOf;
  };
  deal.assign(draw());
  optimise(deal, draw, random, { cells: 2_000_000, restarts: 12 });
  return Array.from({ length: groups }, (_, group) => namesIn(deal, group));
}

/**
 * Picks `count` speakers to test or validate, so that the others say every emotion, then the picked ones too, then
 * evenly by emotion, clips and sex. Where nothing is better than a draw from each sex by its share, that is the pick.
 *
 * @param validated whether a part of the others is to validate.
 */
export function pickSpeakers(
  speakers: readonly Speaker[],
  count: number,
  random: RandomState,
  validated: boolean,
): ReadonlySet<string> {
  if (count === 0) return new Set();
  const deal = new Deal(speakers, {
    groups: 1,
    share: count / speakers.length,
    least: count,
    most: count,
    reserve: validated ? 2 : 1,
  });
  const draw = (): Int32Array => {
    const picked = drawBySex(speakers, count, random);
    return Int32Array.from(speakers, ({ name }) => (picked.has(name) ? 0 : 1));
  };
  deal.assign(draw());
  optimise(deal, draw, random, { cells: 700_000, restarts: 8 });
  return namesIn(deal, 0);
}

function optimise(deal: Deal, draw: () => Int32Array, random: RandomState, effort: Effort): void {
  // Speakers who say as much of all and are of one sex can only be dealt well.
  if (new Set(deal.typeOf).size === 1) return;
  const { groups, most } = deal.options;
  if (waysToDeal(deal.speakers.length, groups, most) <= waysToTry) dealExactly(deal, random);
  else improve(deal, draw, random, effort);
}

function namesIn(deal: Deal, group: number): ReadonlySet<string> {
  return new Set(
    deal.speakers.filter((_, place) => deal.groupOf[place] === group).map((speaker) => speaker.name),
  );
}

/** Draws `count` speakers, of each sex as near as can be to its share. */
function drawBySex(speakers: readonly Speaker[], count: number, random: RandomState): ReadonlySet<string> {
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
