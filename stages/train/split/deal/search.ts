import type { RandomState } from '../../../random/index.ts';
import { isBetter, type Deal } from './deal.ts';

/** What a search may cost, in cells looked at: it ends by this, never by a clock, so that every machine finds the same. */
export interface Effort {
  readonly cells: number;
  readonly restarts: number;
}

/** How many speakers of a group are tried in exchange for one who says what the group lacks. */
const exchanges = 40;

/** So many pairs are swapped at most before it is asked whether swaps still help. */
const mostPairs = 100_000;

/**
 * Looks for a better deal by moves and swaps of speakers, from the deal as it is and again from `draw`n ones. What is no
 * better than the first is not taken.
 */
export function improve(deal: Deal, draw: () => Int32Array, random: RandomState, effort: Effort): void {
  const budget = { left: effort.cells };
  descend(deal, random, budget);
  let best = { cost: deal.cost, groupOf: deal.groupOf.slice() };
  for (let restart = 0; restart < effort.restarts && budget.left > 0; restart++) {
    deal.assign(draw());
    for (let speaker = 0; speaker < deal.speakers.length; speaker++) budget.left -= deal.effortOf(speaker);
    descend(deal, random, budget);
    if (isBetter(deal.cost, best.cost)) best = { cost: deal.cost, groupOf: deal.groupOf.slice() };
  }
  deal.assign(best.groupOf);
}

interface Budget {
  left: number;
}

/** Takes changes for the better until there are none, or the budget is spent. */
function descend(deal: Deal, random: RandomState, budget: Budget): void {
  repair(deal, random, budget);
  const count = deal.speakers.length;
  for (;;) {
    const before = deal.cost;
    const order = random.permutation(count);
    for (const speaker of order) {
      if (budget.left <= 0) return;
      tryMoves(deal, speaker, budget);
    }
    trySwaps(deal, order, random, budget);
    if (budget.left <= 0 || !isBetter(deal.cost, before)) return;
  }
}

/** Tries all pairs; of very many a sample, or else the first speakers would take all of the budget. */
function trySwaps(deal: Deal, order: Int32Array, random: RandomState, budget: Budget): void {
  const { length } = order;
  if (length * (length - 1) <= 2 * mostPairs) {
    for (let first = 0; first < length; first++) {
      for (let second = first + 1; second < length; second++) {
        if (budget.left <= 0) return;
        trySwap(deal, order[first], order[second], budget);
      }
    }
    return;
  }
  for (let drawn = 0; drawn < mostPairs && budget.left > 0; drawn++) {
    trySwap(deal, random.integer(length), random.integer(length), budget);
  }
}

/** Brings a speaker of each emotion into the groups that lack it, and out of a group that has all of them. */
function repair(deal: Deal, random: RandomState, budget: Budget): void {
  const { groups } = deal.options;
  const members = (group: number): number[] =>
    [...deal.groupOf.keys()].filter((speaker) => deal.groupOf[speaker] === group);
  const rarest = [...deal.speakersOf.keys()].sort(
    (a, b) => deal.speakersOf[a].length - deal.speakersOf[b].length,
  );
  for (const emotion of rarest) {
    const speakers = deal.speakersOf[emotion];
    for (let group = 0; group < groups; group++) {
      const heads = deal.heads(group, emotion);
      const lacking = heads === 0;
      const gathered = speakers.length > 1 && speakers.length - heads < deal.options.reserve;
      if (!lacking && !gathered) continue;
      const movable = speakers.filter((speaker) => (deal.groupOf[speaker] === group) !== lacking);
      const others = lacking ? members(group) : [...deal.groupOf.keys()];
      const partners = random.choice(others, exchanges);
      for (const speaker of random.shuffle(movable).slice(0, exchanges)) {
        if (budget.left <= 0) return;
        tryMoves(deal, speaker, budget);
        for (const partner of partners) trySwap(deal, speaker, partner, budget);
      }
    }
  }
}

function tryMoves(deal: Deal, speaker: number, budget: Budget): void {
  const { groups } = deal.options;
  // One group is picked in the size asked for. Several leave nobody over, and none of them is empty.
  if (groups === 1) return;
  for (let group = 0; group < groups; group++) {
    const from = deal.groupOf[speaker];
    if (group === from || deal.sizes[from] === 1) continue;
    budget.left -= 2 * deal.effortOf(speaker);
    deal.attempt(
      () => {
        deal.move(speaker, group);
      },
      () => {
        deal.move(speaker, from);
      },
    );
  }
}

function trySwap(deal: Deal, one: number, other: number, budget: Budget): void {
  budget.left -= 1;
  if (deal.groupOf[one] === deal.groupOf[other] || deal.typeOf[one] === deal.typeOf[other]) return;
  budget.left -= 4 * (deal.effortOf(one) + deal.effortOf(other));
  const swap = (): void => {
    deal.swap(one, other);
  };
  deal.attempt(swap, swap);
}
