import type { Metric } from '../record/compare.ts';

/** A figure by what it is of: `evaluate results[cnn,mfcc]` and `testAccuracy`. */
interface Figure {
  readonly of: string;
  readonly name: string;
  readonly metric: Metric;
}

/**
 * Figures that differ, under what they are of. Those of parts of a result, as of one emotion or one speaker, are counted
 * unless `all` are asked for: there are many, and they say in detail what the others say.
 */
export function comparedFigures(metrics: readonly Metric[], all: boolean): string[] {
  const figures = metrics.map((metric): Figure => ({ ...placeOf(metric.name), metric }));
  const shown = figures.filter(({ name }) => all || !/[.[]/.test(name));
  const lines: string[] = [];
  for (const of of new Set(shown.map((figure) => figure.of))) {
    const own = shown.filter((figure) => figure.of === of);
    const width = Math.max(...own.map(({ name }) => name.length));
    lines.push(
      of,
      ...own.map(
        ({ name, metric }) =>
          `  ${name.padEnd(width)}  ${written(metric.a)} → ${written(metric.b)}${remark(metric)}`,
      ),
    );
  }
  const left = figures.length - shown.length;
  if (left > 0) lines.push(`${left} more figures differ, of parts of these results: --all shows them`);
  return lines;
}

/** Cut behind the first item of a list, whose label may have brackets of its own, or else behind the stage. */
function placeOf(name: string): { readonly of: string; readonly name: string } {
  let depth = 0;
  for (let at = 0; at < name.length; at += 1) {
    if (name[at] === '[') depth += 1;
    else if (name[at] === ']') depth -= 1;
    if (depth === 0 && name.startsWith('].', at) && name.slice(0, at).includes(' ')) {
      return { of: name.slice(0, at + 1), name: name.slice(at + 2) };
    }
  }
  const space = name.indexOf(' ');
  return { of: name.slice(0, space), name: name.slice(space + 1) };
}

/** What is to be said of a figure before anybody chooses by it. */
function remark({ onTestPart }: Metric): string {
  return onTestPart === true
    ? '  (no validation figures: a run chosen by it is chosen on the test part)'
    : '';
}

function written(value: number | undefined): string {
  if (value === undefined) return 'none';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
