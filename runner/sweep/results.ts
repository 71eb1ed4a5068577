import type { SweepPoint } from './points.ts';

/** What came of one point. */
export interface SweepResult {
  readonly point: SweepPoint;
  readonly ok: boolean;
  /** Figures by name, e.g. `results[cnn,mfcc].testAccuracy`; empty where the point failed. */
  readonly figures: Readonly<Record<string, number>>;
  /** Why it failed. */
  readonly problem?: string;
}

/** The figures that are shown: those whose last name is one of the metrics, of the points that have any. */
export function shownFigures(results: readonly SweepResult[], metrics: readonly string[]): string[] {
  const names = new Set(results.flatMap(({ figures }) => Object.keys(figures)));
  return [...names].filter((name) => metrics.includes(name.slice(name.lastIndexOf('.') + 1)));
}

/** One table over all points, as Markdown that is also readable as it is. */
export function sweepTable(results: readonly SweepResult[], shown: readonly string[]): string {
  const params = [...new Set(results.flatMap(({ point }) => Object.keys(point.values)))];
  // Where every point failed there are no figures, but what there is to say.
  const columns = shown.length > 0 ? shown : ['result'];
  const header = [...params, ...columns.map(shortName)];
  const rows = results.map(({ point, ok, figures, problem }) => [
    ...params.map((param) => point.values[param] ?? ''),
    ...columns.map((name, at) => {
      if (ok) return name in figures ? format(figures[name]) : shown.length > 0 ? '' : 'done';
      return at === 0 ? `failed: ${problem ?? ''}` : '';
    }),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return `${[line(header), rule, ...rows.map(line)].join('\n')}\n`;
}

/**
 * Which point is best, and by what: by the best validation accuracy of any of its results, or, where a point that ran
 * has none, by test accuracy, with what must be said of such a choice. Null where there is nothing to choose by.
 */
export function bestPoint(results: readonly SweepResult[]): string | null {
  const done = results.filter(({ ok }) => ok);
  if (done.length < 2) return null;
  const [validated, tested] = ['validationAccuracy', 'testAccuracy'].map((metric) =>
    done.map(({ point, figures }) => {
      const own = shownFigures([{ point, ok: true, figures }], [metric]);
      const name = own.toSorted((a, b) => figures[b] - figures[a]).at(0);
      return { point, figures, name };
    }),
  );
  const by = validated.every(({ name }) => name !== undefined) ? 'validation' : 'test';
  const [best] = (by === 'validation' ? validated : tested)
    .flatMap(({ point, figures, name }) => (name === undefined ? [] : [{ point, figures, name }]))
    .toSorted((a, b) => b.figures[b.name] - a.figures[a.name]);
  if (best === undefined) return null;
  const values = Object.entries(best.point.values).map(([param, value]) => `${param}=${value}`);
  const figure = `${shortName(best.name)} ${format(best.figures[best.name])}`;
  if (by === 'test') return `best: ${values.join(' ')}, by ${figure} (chosen on the test part)`;
  const test = best.name.replace(/validationAccuracy$/, 'testAccuracy');
  const its = test in best.figures ? `; its testAccuracy ${format(best.figures[test])}` : '';
  return `best: ${values.join(' ')}, by ${figure}${its}`;
}

/** `results[cnn,mfcc].testAccuracy` → `cnn,mfcc testAccuracy`. */
function shortName(name: string): string {
  return name.replace(/^results\[(.*)\]\./, '$1 ');
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** A Vega-Lite chart of the sweep: the points along one axis, a coloured line a figure. */
export function sweepChart(
  results: readonly SweepResult[],
  shown: readonly string[],
): Record<string, unknown> {
  const values = results.flatMap(({ point, figures }) =>
    shown
      .filter((name) => name in figures)
      .map((name) => ({
        point: Object.entries(point.values)
          .map(([param, value]) => `${param.slice(param.lastIndexOf('.') + 1)} ${value}`)
          .join(', '),
        figure: shortName(name),
        value: figures[name],
      })),
  );
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: Math.max(240, 48 * results.length),
    height: 280,
    background: 'white',
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'point', type: 'nominal', sort: null, title: null, axis: { labelAngle: -35 } },
      y: { field: 'value', type: 'quantitative', scale: { zero: false }, title: null },
      color: { field: 'figure', type: 'nominal', title: null },
    },
  };
}
