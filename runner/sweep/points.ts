import { failure, type Result, success } from '../errors.ts';

/** One combination of a sweep: the arguments of `--set` that make it. */
export interface SweepPoint {
  readonly sets: readonly string[];
  /** `train.learningRate` → `1e-3`: only what is swept. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Every combination of the lists in `--set a=1,2 --set b=x,y`, the last changing fastest. A single value is a plain
 * override; commas inside brackets, braces and quotes belong to the value.
 */
export function sweepPoints(sets: readonly string[]): Result<readonly SweepPoint[]> {
  let points: SweepPoint[] = [{ sets: [], values: {} }];
  let swept = false;
  for (const set of sets) {
    const equals = set.indexOf('=');
    const values = equals < 0 ? [] : splitList(set.slice(equals + 1));
    if (equals < 1 || values.some((value) => value === '')) {
      const hint = 'pipeline sweep --set train.learningRate=1e-3,3e-4';
      return failure({ message: 'takes stage.param=value,value,…', place: { file: `--set ${set}` }, hint });
    }
    const name = set.slice(0, equals);
    const listed = values.length > 1;
    swept ||= listed;
    points = points.flatMap((point) =>
      values.map((value) => ({
        sets: [...point.sets, `${name}=${value}`],
        values: listed ? { ...point.values, [name]: value } : point.values,
      })),
    );
  }
  if (swept) return success(points);
  const hint = 'Give at least one param several values, as in: pipeline sweep --set mfcc.coefficients=13,40';
  return failure({ message: 'there is nothing to sweep', hint });
}

function splitList(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  let quote: string | undefined;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (character === ',' && depth === 0 && quote === undefined) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
