import { StageFailure } from '../../../runner/kind/index.ts';
import type { RandomState } from '../../random/index.ts';
import { compareText } from './clips.ts';

/** Positions of the items, apart in two. */
export interface Drawn {
  readonly rest: readonly number[];
  readonly drawn: readonly number[];
}

/**
 * Draws ⌈fraction × n⌉ positions at random so that both sides keep the shares of the classes. Gives exactly the
 * test set of scikit-learn's `train_test_split(test_size=fraction, stratify=classes, random_state=seed)`, whose
 * classes are ordered by name.
 *
 * Throws StageFailure where a class has a single member or a side has fewer places than there are classes.
 */
export function drawStratified(classes: readonly string[], fraction: number, random: RandomState): Drawn {
  const names = [...new Set(classes)].sort(compareText);
  const members = names.map((name) => [...classes.keys()].filter((position) => classes[position] === name));
  const counts = members.map((positions) => positions.length);
  const drawnCount = Math.ceil(fraction * classes.length);
  checkEnough(names, counts, drawnCount, classes.length - drawnCount);

  const restCounts = proportionalCounts(counts, classes.length - drawnCount, random);
  const remaining = counts.map((count, index) => count - restCounts[index]);
  const drawnCounts = proportionalCounts(remaining, drawnCount, random);
  const rest: number[] = [];
  const drawn: number[] = [];
  members.forEach((positions, index) => {
    const order = random.permutation(positions.length);
    order.forEach((place, rank) => {
      if (rank < restCounts[index]) rest.push(positions[place]);
      else if (rank < restCounts[index] + drawnCounts[index]) drawn.push(positions[place]);
    });
  });
  return { rest, drawn };
}

/**
 * How many of `total` draws fall on each class: the shares rounded down, and the draws left over given to the
 * largest remainders, ties by chance (scikit-learn's `_approximate_mode`).
 */
function proportionalCounts(counts: readonly number[], total: number, random: RandomState): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((count) => (count / sum) * total);
  const rounded = exact.map(Math.floor);
  let left = total - rounded.reduce((a, b) => a + b, 0);
  const remainders = exact.map((value, index) => value - rounded[index]);
  for (const remainder of [...new Set(remainders)].sort((a, b) => b - a)) {
    const tied = [...remainders.keys()].filter((index) => remainders[index] === remainder);
    const chosen = left > 0 ? random.choice(tied, Math.min(tied.length, left)) : [];
    for (const index of chosen) rounded[index]++;
    left -= chosen.length;
  }
  return rounded;
}

function checkEnough(names: readonly string[], counts: readonly number[], drawn: number, rest: number): void {
  const lonely = names.filter((_, index) => counts[index] < 2);
  if (lonely.length > 0) {
    throw new StageFailure(
      `only one clip of ${lonely.join(', ')}: it cannot stand on both sides of a split`,
      {
        hint: 'add recordings of that emotion or leave it out of the corpus',
      },
    );
  }
  if (Math.min(drawn, rest) < names.length) {
    throw new StageFailure(
      `a split of ${drawn + rest} clips into ${rest} and ${drawn} leaves no place for each of ${names.length} emotions`,
      { place: 'testFraction or validationFraction', hint: 'choose a fraction nearer to one half' },
    );
  }
}
