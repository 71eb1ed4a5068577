import type { RandomState } from '../../../random/index.ts';
import { isBetter, type Cost, type Deal } from './deal.ts';

/**
 * In how many ways `speakers` fall into the groups: unnamed ones that none is empty of (Stirling's numbers of the second
 * kind), or one group of `size` where only one is judged.
 */
export function waysToDeal(speakers: number, groups: number, size: number): number {
  if (groups === 1) {
    let ways = 1;
    for (let i = 1; i <= size; i++) ways *= (speakers - size + i) / i;
    return Math.round(ways);
  }
  let row = [1, ...new Array<number>(groups).fill(0)];
  for (let n = 1; n <= speakers; n++) {
    row = row.map((ways, k) => (k === 0 ? 0 : k * ways + row[k - 1]));
  }
  return row[groups];
}

/** Tries every way. Of several best ones the way that the deal has is kept, or else one is drawn. */
export function dealExactly(deal: Deal, random: RandomState): void {
  const { groups, most } = deal.options;
  const count = deal.speakers.length;
  let best: Cost = deal.cost;
  let kept = deal.groupOf.slice();
  let found = 0;
  deal.assign(new Int32Array(count).fill(groups));

  const judge = (): void => {
    const { cost } = deal;
    if (isBetter(cost, best)) [best, found] = [cost, 0];
    // As good as what was there at first: that stays.
    else if (found === 0 || isBetter(best, cost)) return;
    found++;
    if (random.integer(found) === 0) kept = deal.groupOf.slice();
  };
  const place = (speaker: number, used: number): void => {
    if (speaker === count) {
      judge();
      return;
    }
    if (groups === 1) {
      if (used < most) moved(speaker, 0, used + 1);
      if (count - speaker - 1 >= most - used) place(speaker + 1, used);
      return;
    }
    // Groups have no names: a new one is always the next, and each must get a speaker.
    for (let group = 0; group < Math.min(used + 1, groups); group++) {
      const after = Math.max(used, group + 1);
      if (count - speaker - 1 >= groups - after) moved(speaker, group, after);
    }
  };
  const moved = (speaker: number, group: number, used: number): void => {
    deal.move(speaker, group);
    place(speaker + 1, used);
    deal.move(speaker, groups);
  };
  place(0, 0);
  deal.assign(kept);
}
