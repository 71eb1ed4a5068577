import type { Drawings } from '../charts/index.ts';
import type { Evaluation, ModelEvaluation, PublishedResult, Statement } from '../evaluation/types.ts';
import { bestAndWeakest, publishedFor, rankedModels } from '../evaluation/ranking.ts';
import { gap } from '../gaps.ts';
import { bestBy, comparisonCaveat, comparisonCells, comparisonHeads } from '../text/comparisons.ts';
import { count, decimal, percent } from '../text/format.ts';
import { figure } from './figure.ts';
import { html, raw, type Content, type Html } from './html.ts';
import { dataTable, type Column } from './table.ts';

/** The figures that a reader wants first. */
export function keyFigures(evaluation: Evaluation): Html {
  const [best] = rankedModels(evaluation);
  const { choice } = evaluation;
  const tested = best.classes.reduce((sum, figures) => sum + figures.support, 0);
  const keys: (readonly [string, string])[] = [
    ...(choice.order.length === 1
      ? ([['test accuracy', percent(best.testAccuracy)]] as const)
      : choice.by === 'test'
        ? ([['best test accuracy, chosen on the test part', percent(best.testAccuracy)]] as const)
        : ([
            ['best validation accuracy', percent(best.validation!.accuracy)],
            ['test accuracy of that model', percent(best.testAccuracy)],
          ] as const)),
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
        `bars: ${percent(evaluation.confidence, 0)} interval; tick: commonest emotion alone`,
      )}
      <div>
        ${evaluation.summary.slice(1).map((paragraph) => html`<p>${paragraph}</p>`)}
        ${differences(evaluation)}
      </div>
    </div>
  </section>`;
}

type TableRow = ModelEvaluation | PublishedResult;

function comparisonTable(evaluation: Evaluation): Html {
  const models = rankedModels(evaluation);
  const rows = models.flatMap((model): TableRow[] => [model, ...publishedFor(evaluation, model)]);
  const caption =
    `${bestBy(evaluation)} Below a test accuracy its ${percent(evaluation.confidence, 0)} interval. ` +
    'Best and weakest emotion by recall.';
  return dataTable(caption, comparisonColumns(evaluation), rows, {
    rowClass: (row) => (isPublished(row) ? 'published' : row === models[0] ? 'best' : ''),
  });
}

function isPublished(row: TableRow): row is PublishedResult {
  return !('slug' in row);
}

function comparisonColumns({ split, choice }: Evaluation): Column<TableRow>[] {
  const several = split.folds > 1;
  /** A column that published results leave empty. */
  const own = (head: string, of: (model: ModelEvaluation) => Content, align?: 'left'): Column<TableRow> => ({
    head,
    ...(align ? { align } : {}),
    cell: (row) => (isPublished(row) ? '' : of(row)),
  });
  return [
    {
      head: 'model, features',
      header: true,
      cell: (row) => (isPublished(row) ? `published: ${row.source}` : named(row)),
    },
    { head: 'train', cell: (row) => (row.trainAccuracy === undefined ? '' : percent(row.trainAccuracy)) },
    ...(choice.by === 'validation'
      ? [own('validation', ({ validation }) => (validation ? percent(validation.accuracy) : '–'))]
      : []),
    {
      head: several ? 'test ± SD of folds' : 'test',
      cell: (row) => (isPublished(row) ? percent(row.testAccuracy) : testCell(row, several)),
    },
    own('UAR', (model) => percent(model.uar)),
    {
      head: 'macro F1',
      cell: (row) => {
        const value = isPublished(row) ? row.macroF1 : row.macro.f1;
        return value === undefined ? '' : decimal(value);
      },
    },
    own('parameters', (model) => (model.parameters.total > 0 ? count(model.parameters.total) : '–')),
    own('epochs', (model) => (model.epochs > 0 ? count(model.epochs) : '–')),
    own('fit time', ({ stage }) => raw(gap('fit-time', stage, '–'))),
    own('best', (model) => emotionCell(bestAndWeakest(model).best), 'left'),
    own('weakest', (model) => emotionCell(bestAndWeakest(model).weakest), 'left'),
  ];
}

function named(model: ModelEvaluation): Html {
  return html`<a href="#model-${model.slug}">${model.model}</a> <span class="sub">${model.features}</span>`;
}

function emotionCell({ emotions, recall }: { emotions: string; recall: string }): Html {
  return html`<span class="wrap">${emotions}</span> <span class="sub">${recall}</span>`;
}

function testCell(model: ModelEvaluation, several: boolean): Html {
  const interval = model.testAccuracyInterval;
  return html`<strong>${percent(model.testAccuracy)}</strong
    >${several ? ` ± ${percent(model.testAccuracyStd)}` : null}
    ${interval ? html`<span class="sub">${percent(interval.low)} – ${percent(interval.high)}</span>` : null}`;
}

/** Every pair of models, and whether the two differ. */
function differences(evaluation: Evaluation): Html | null {
  if (evaluation.comparisons.length === 0) return null;
  return html`<details>
    <summary>Are the differences more than chance?</summary>
    <p>${comparisonCaveat(evaluation)}</p>
    ${dataTable(
      'Pairs of models',
      comparisonHeads(evaluation).map((head, at): Column<readonly string[]> => ({
        head,
        header: at === 0,
        cell: (row) => row[at],
      })),
      evaluation.comparisons.map((comparison) => comparisonCells(comparison, evaluation)),
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
