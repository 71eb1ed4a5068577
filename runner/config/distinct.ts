import type { Place, Problem } from '../errors.ts';
import { grouped, mostProblems } from './bounds.ts';

function ofAllStages({ message, place, hint }: Problem): Problem {
  return { message, ...(place && { place }), ...(hint === undefined ? {} : { hint }) };
}

/** Sorted by place, each said once: instances of a matrix share the place of what is wrong with all of them. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  const known = new Map<string, Problem>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.place, problem.message]);
    const earlier = known.get(key);
    if (earlier === undefined) {
      known.set(key, problem);
    } else if (earlier.stage !== problem.stage) {
      known.set(key, ofAllStages(earlier));
    }
  }
  const files = [...new Set(Array.from(known.values(), ({ place }) => place?.file))];
  const order = (place: Place | undefined): readonly number[] => [
    // Arguments have no line and come first, then file by file.
    place?.line === undefined ? -1 : files.indexOf(place.file),
    place?.line ?? 0,
    place?.column ?? 0,
  ];
  const sorted = [...known.values()].sort((a, b) => {
    const [first, second] = [order(a.place), order(b.place)];
    return first.map((value, i) => value - second[i]).find((difference) => difference !== 0) ?? 0;
  });
  if (sorted.length <= mostProblems) return sorted;
  const more = sorted.length - mostProblems;
  const rest: Problem = { message: `${grouped(more)} more mistakes are not shown` };
  const { place } = sorted[mostProblems];
  return [...sorted.slice(0, mostProblems), { ...rest, ...(place !== undefined && { place }) }];
}
