import type { Drawings } from '../charts/index.ts';
import type { Evaluation, ModelEvaluation, PublishedResult, Statement } from '../evaluation/types.ts';
import { bestAndWeakest, publishedFor, ranked } from '../evaluation/ranking.ts';
import { count, counted, decimal, percent, pValue, seconds } from '../text/format.ts';
import { figure } from './figure.ts';
import { html, type Html } from './html.ts';
import { dataTable, type Column } from './table.ts';

/** The figures that a reader wants first. */
export function keyFigures(evaluation: Evaluation): Html {
  const [best] = ranked(evaluation);
  const tested = best.classes.reduce((sum, figures) => sum + figures.support, 0);
  const keys: [string, string][] = [
    ['best test accuracy', percent(best.testAccuracy)],
    ['its UAR, the mean recall', percent(best.uar)],
    ['by the commonest emotion alone', percent(evaluation.chance)],
    ['clips', count(evaluation.dataset.files)],
    [evaluation.split.folds > 1 ? 'test predictions a model' : 'of them tested', count(tested)],
    ['speakers', count(evaluation.dataset.speakers.length)],
  ];
  return html`<dl class="keys">
    ${keys.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export function comparisonSection(evaluation: Evaluation, drawings: Drawings): Html {
  return html`<section id="comparison" aria-labelledby="comparison-title">
    <h2 id="comparison-title">Comparison</h2>
    ${comparisonTable(evaluation)}
    <div class="beside">
      ${figure(
        drawings.comparison,
        'Train and test accuracy',
        `bars: ${percent(evaluation.confidence, 0)} interval; dashed: commonest emotion alone`,
      )}
      <div>
        ${evaluation.summary.slice(1).map((paragraph) => html`<p>${paragraph}</p>`)}
        ${differences(evaluation)}
      </div>
    </div>
  </section>`;
}

type TableRow = { readonly model: ModelEvaluation } | { readonly published: PublishedResult };

function comparisonTable(evaluation: Evaluation): Html {
  const several = evaluation.split.folds > 1;
  const rows = ranked(evaluation).flatMap((model): TableRow[] => [
    { model },
    ...publishedFor(evaluation, model).map((published) => ({ published })),
  ]);
  const own = (of: (model: ModelEvaluation) => ReturnType<Column<TableRow>['cell']>) => (row: TableRow) =>
    'model' in row ? of(row.model) : '–';
  const figureOf =
    (of: (model: ModelEvaluation) => number, published: (result: PublishedResult) => number | undefined) =>
    (row: TableRow) => {
      const value = 'model' in row ? of(row.model) : published(row.published);
      return value === undefined ? '–' : percent(value);
    };
  const columns: Column<TableRow>[] = [
    {
      head: 'model',
      header: true,
      cell: (row) =>
        'model' in row
          ? html`<a href="#model-${row.model.slug}">${row.model.model}</a>`
          : html`published: ${row.published.source}`,
    },
    { head: 'features', align: 'left', cell: (row) => ('model' in row ? row.model.features : '') },
    {
      head: 'train',
      cell: figureOf(
        (model) => model.trainAccuracy,
        (result) => result.trainAccuracy,
      ),
    },
    {
      head: several ? 'test ± SD of folds' : 'test',
      cell: (row) =>
        'model' in row
          ? html`${percent(row.model.testAccuracy)}${several ? ` ± ${percent(row.model.testAccuracyStd)}` : null}`
          : percent(row.published.testAccuracy),
    },
    {
      head: `${percent(evaluation.confidence, 0)} interval`,
      cell: own(({ testAccuracyInterval: interval }) =>
        interval ? `${percent(interval.low)} – ${percent(interval.high)}` : '–',
      ),
    },
    { head: 'UAR', cell: own((model) => percent(model.uar)) },
    {
      head: 'macro F1',
      cell: (row) => {
        const value = 'model' in row ? row.model.macro.f1 : row.published.macroF1;
        return value === undefined ? '–' : decimal(value);
      },
    },
    {
      head: 'parameters',
      cell: own((model) => (model.parameters.total > 0 ? count(model.parameters.total) : '–')),
    },
    { head: 'epochs', cell: own((model) => (model.epochs > 0 ? count(model.epochs) : '–')) },
    { head: 'fit time', cell: own((model) => (model.fitSeconds === null ? '–' : seconds(model.fitSeconds))) },
    { head: 'best emotion', align: 'left', cell: own((model) => bestAndWeakest(model).best) },
    { head: 'weakest emotion', align: 'left', cell: own((model) => bestAndWeakest(model).weakest) },
  ];
  return dataTable(
    'All models, best test accuracy first. Best and weakest emotion by recall.',
    columns,
    rows,
  );
}

/** Every pair of models under McNemar's test. */
function differences(evaluation: Evaluation): Html | null {
  if (evaluation.comparisons.length === 0) return null;
  const label = (slug: string): string =>
    evaluation.models.find((model) => model.slug === slug)?.label ?? slug;
  return html`<details>
    <summary>Are the differences more than chance?</summary>
    <p>
      McNemar’s test, two-sided, on the test clips that only one model of a pair names rightly. With
      ${counted(evaluation.comparisons.length, 'pair')} tested, expect a small p now and then by chance.
    </p>
    ${dataTable(
      'Pairs of models',
      [
        { head: 'pair', header: true, cell: (row) => `${label(row.first)} / ${label(row.second)}` },
        { head: 'only first right', cell: (row) => count(row.onlyFirstRight) },
        { head: 'only second right', cell: (row) => count(row.onlySecondRight) },
        { head: 'p', cell: (row) => pValue(row.pValue).replace('p = ', '').replace('p < ', '< ') },
      ],
      evaluation.comparisons,
    )}
  </details>`;
}

export function protocolSection(evaluation: Evaluation): Html {
  return html`<section id="protocol" aria-labelledby="protocol-title">
    <h2 id="protocol-title">How to read these figures</h2>
    <ul class="statements">
      ${evaluation.protocol.map(statement)}
    </ul>
    ${
      evaluation.split.sizes.length > 1
        ? dataTable(
            'The folds, in clips',
            [
              { head: 'held out', header: true, cell: (fold) => fold.name },
              { head: 'train', cell: (fold) => count(fold.train) },
              { head: 'validation', cell: (fold) => count(fold.validation) },
              { head: 'test', cell: (fold) => count(fold.test) },
              { head: 'unused', cell: (fold) => count(fold.unused) },
              { head: 'test speakers', cell: (fold) => count(fold.testSpeakers) },
              { head: 'of them heard in training', cell: (fold) => count(fold.sharedSpeakers) },
            ],
            evaluation.split.sizes,
          )
        : null
    }
  </section>`;
}

const toneLabels = { caution: 'Caution.', sound: 'Sound.', note: null } as const;

function statement({ tone, text }: Statement): Html {
  const label = toneLabels[tone];
  return html`<li class="${tone}">${label ? html`<b>${label}</b> ` : null}${text}</li>`;
}
