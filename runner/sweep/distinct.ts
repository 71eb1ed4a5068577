import type { Pipeline } from '../config/index.ts';
import type { Result } from '../errors.ts';
import { canonicalJson } from '../fingerprint/hash.ts';
import type { SweepPoint } from './points.ts';

export interface DistinctPoints {
  readonly points: readonly SweepPoint[];
  /** Those left out, each with the earlier one that it is. */
  readonly repeated: readonly { readonly point: SweepPoint; readonly as: SweepPoint }[];
}

/**
 * Without the points that make the same pipeline as an earlier one, as `1`, `1.0` and `0x1` do where the param is a
 * number. Whether two spellings are one value only the params' schema knows.
 */
export async function distinctPoints(
  all: readonly SweepPoint[],
  load: (point: SweepPoint) => Promise<Result<Pipeline>>,
): Promise<DistinctPoints> {
  const known = new Map<string, SweepPoint>();
  const points: SweepPoint[] = [];
  const repeated: { point: SweepPoint; as: SweepPoint }[] = [];
  for (const point of all) {
    const pipeline = await load(point);
    // One with mistakes is a point of its own: its row says what is wrong.
    const made = pipeline.ok ? contentOf(pipeline.value) : canonicalJson(point.sets);
    const as = known.get(made);
    if (as === undefined) {
      known.set(made, point);
      points.push(point);
    } else repeated.push({ point, as });
  }
  return { points, repeated };
}

/** All that a pipeline says, whatever it was written like. */
function contentOf({ instances }: Pipeline): string {
  return canonicalJson(
    instances.map(({ uses, ...instance }) => ({
      ...instance,
      place: undefined,
      uses: uses.type === 'kind' ? { name: uses.name, params: uses.params } : uses,
    })),
  );
}
