import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RandomState } from '../../../../stages/random/index.ts';
import { Deal, isBetter, type Cost } from '../../../../stages/train/split/deal/deal.ts';
import { dealExactly, waysToDeal } from '../../../../stages/train/split/deal/exact.ts';
import { improve } from '../../../../stages/train/split/deal/search.ts';
import { dealSpeakers, pickSpeakers, type Speaker } from '../../../../stages/train/split/speakers.ts';
import { sklearnFixture } from '../../sklearn-fixture.ts';

interface FoldsCase {
  /** Clips by speaker and emotion. */
  readonly counts: number[][];
  readonly folds: number;
  /** The fold that tests each speaker, as StratifiedGroupKFold deals them: in order, and by three seeds. */
  readonly dealt: number[][];
}

function speakersWith(counts: readonly (readonly number[])[]): Speaker[] {
  return counts.map((clips, speaker) => ({
    name: `s${speaker}`,
    sex: speaker % 2 === 0 ? 'female' : 'male',
    clips: new Map(clips.flatMap((count, emotion) => (count > 0 ? [[`e${emotion}`, count] as const] : []))),
  }));
}

function emptyDeal(speakers: readonly Speaker[], groups: number, reserve = 1): Deal {
  const { length } = speakers;
  return new Deal(speakers, {
    groups,
    share: 1 / groups,
    least: Math.floor(length / groups),
    most: Math.ceil(length / groups),
    reserve,
  });
}

function costOf(speakers: readonly Speaker[], groupOf: ArrayLike<number>, groups: number, reserve = 1): Cost {
  const deal = emptyDeal(speakers, groups, reserve);
  deal.assign(groupOf);
  return deal.cost;
}

function places(speakers: readonly Speaker[], dealt: readonly ReadonlySet<string>[]): number[] {
  return speakers.map(({ name }) => dealt.findIndex((group) => group.has(name)));
}

/** The cost from its definition, without anything kept up to date. */
function plainCost(
  speakers: readonly Speaker[],
  groupOf: readonly number[],
  groups: number,
  reserve: number,
): Cost {
  const emotions = [...new Set(speakers.flatMap(({ clips }) => [...clips.keys()]))];
  const sexes = [...new Set(speakers.map(({ sex }) => sex))];
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const all = (speaker: Speaker): number => sum([...speaker.clips.values()]);
  const cost = { untrained: 0, lacking: 0, misfit: 0, imbalance: 0 };
  for (let group = 0; group < groups; group++) {
    const inside = speakers.filter((_, place) => groupOf[place] === group);
    const deviation = (weigh: (speaker: Speaker) => number): number =>
      (sum(inside.map(weigh)) / sum(speakers.map(weigh)) - 1 / groups) ** 2;
    for (const emotion of emotions) {
      const heads = inside.filter(({ clips }) => clips.has(emotion)).length;
      const outside = speakers.filter(({ clips }) => clips.has(emotion)).length - heads;
      if (heads === 0) cost.lacking++;
      if (outside === 0) cost.untrained++;
      else if (outside < reserve) cost.lacking++;
      cost.imbalance += deviation(({ clips }) => clips.get(emotion) ?? 0) / emotions.length;
    }
    for (const sex of sexes) {
      cost.imbalance += deviation((speaker) => (speaker.sex === sex ? 1 : 0)) / sexes.length;
    }
    cost.imbalance += deviation(all);
    const [least, most] = [Math.floor(speakers.length / groups), Math.ceil(speakers.length / groups)];
    cost.misfit += Math.max(0, least - inside.length, inside.length - most);
  }
  return cost;
}

const cases = sklearnFixture<FoldsCase[]>('folds');

/** Corpora of a few speakers who each say some of a few emotions. */
const smallCorpora = fc
  .array(fc.array(fc.constantFrom(0, 0, 1, 2, 5), { minLength: 3, maxLength: 3 }), {
    minLength: 4,
    maxLength: 8,
  })
  .map((counts) => counts.map(([first, ...others]) => [first + (others.some(Boolean) ? 0 : 1), ...others]));

describe('a deal of speakers', () => {
  it('keeps its cost up to date', () => {
    fc.assert(
      fc.property(
        smallCorpora,
        fc.integer({ min: 2, max: 3 }),
        fc.constantFrom(1, 2),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 30 }),
        (counts, groups, reserve, moves) => {
          const speakers = speakersWith(counts);
          const deal = emptyDeal(speakers, groups, reserve);
          deal.assign(speakers.map((_, place) => place % groups));
          for (const [speaker, group] of moves) deal.move(speaker % speakers.length, group % groups);
          const expected = plainCost(speakers, [...deal.groupOf], groups, reserve);
          const { imbalance, ...counted } = deal.cost;
          expect({ ...counted, imbalance: 0 }).toEqual({ ...expected, imbalance: 0 });
          expect(imbalance).toBeCloseTo(expected.imbalance, 9);
        },
      ),
    );
  });

  it('counts in how many ways speakers fall into groups', () => {
    expect(waysToDeal(4, 2, 2)).toBe(7);
    expect(waysToDeal(8, 3, 3)).toBe(966);
    expect(waysToDeal(5, 1, 2)).toBe(10);
  });

  it('finds by search what trying every way finds, or all but the last of its evenness', () => {
    let asGood = 0;
    const runs = 60;
    fc.assert(
      fc.property(smallCorpora, fc.constantFrom(2, 3), fc.nat(), (counts, groups, seed) => {
        const speakers = speakersWith(counts);
        const first = speakers.map((_, place) => place % groups);
        const exact = emptyDeal(speakers, groups);
        exact.assign(first);
        dealExactly(exact, new RandomState(seed));
        const searched = emptyDeal(speakers, groups);
        searched.assign(first);
        const random = new RandomState(seed);
        const draw = (): Int32Array => random.permutation(speakers.length).map((place) => place % groups);
        improve(searched, draw, random, { cells: 1e6, restarts: 20 });
        expect(isBetter(searched.cost, exact.cost)).toBe(false);
        expect(searched.cost.untrained).toBe(exact.cost.untrained);
        if (!isBetter(exact.cost, searched.cost)) asGood++;
      }),
      { numRuns: runs, seed: 5 },
    );
    expect(asGood).toBeGreaterThanOrEqual(0.95 * runs);
  });

  it('is never worse than that of StratifiedGroupKFold, and mostly better', () => {
    let better = 0;
    let dealt = 0;
    for (const { counts, folds, dealt: theirs } of cases) {
      const speakers = speakersWith(counts);
      for (const [seed, groupOf] of theirs.slice(0, 2).entries()) {
        const own = places(speakers, dealSpeakers(speakers, folds, new RandomState(seed), false));
        const [ours, other] = [costOf(speakers, own, folds), costOf(speakers, groupOf, folds)];
        expect({ counts, seed, worse: isBetter(other, ours) }).toEqual({ counts, seed, worse: false });
        expect(new Set(own).size).toBe(folds);
        if (isBetter(ours, other)) better++;
        dealt++;
      }
    }
    expect(better).toBeGreaterThan(0.8 * dealt);
  });

  it('lacks nothing where nothing need be lacked, as in an issue on StratifiedGroupKFold', () => {
    const [{ counts, folds, dealt }] = cases;
    const speakers = speakersWith(counts);
    const lacking = (groupOf: readonly number[]): number => costOf(speakers, groupOf, folds).lacking;
    expect(dealt.map(lacking).some((cells) => cells > 0)).toBe(true);
    for (let seed = 0; seed < 10; seed++) {
      const own = places(speakers, dealSpeakers(speakers, folds, new RandomState(seed), false));
      expect(costOf(speakers, own, folds)).toMatchObject({ untrained: 0, lacking: 0, misfit: 0 });
    }
  });

  it('leaves the only speaker of an emotion to training', () => {
    const speakers = speakersWith(Array.from({ length: 10 }, (_, speaker) => [3, 3, speaker === 4 ? 2 : 0]));
    for (let seed = 0; seed < 20; seed++) {
      expect(pickSpeakers(speakers, 4, new RandomState(seed), false).has('s4')).toBe(false);
    }
  });

  it('validates by a speaker of every emotion where two say it', () => {
    const speakers = speakersWith(
      Array.from({ length: 30 }, (_, speaker) => [3, 3, speaker % 11 === 4 ? 2 : 0, speaker > 27 ? 1 : 0]),
    );
    for (let seed = 0; seed < 20; seed++) {
      const picked = pickSpeakers(speakers, 6, new RandomState(seed), false);
      expect(picked.size).toBe(6);
      for (const emotion of ['e2', 'e3']) {
        const saying = speakers.filter(({ clips }) => clips.has(emotion)).map(({ name }) => name);
        expect(saying.some((name) => picked.has(name))).toBe(true);
        expect(saying.some((name) => !picked.has(name))).toBe(true);
      }
    }
  });

  it('keeps two speakers of an emotion outside each fold where one of them is to validate', () => {
    const speakers = speakersWith(
      Array.from({ length: 9 }, (_, speaker) => [2, 2, [0, 3, 6].includes(speaker) ? 1 : 0]),
    );
    for (let seed = 0; seed < 10; seed++) {
      const own = places(speakers, dealSpeakers(speakers, 3, new RandomState(seed), true));
      expect(new Set([own[0], own[3], own[6]]).size).toBe(3);
    }
  });
});
