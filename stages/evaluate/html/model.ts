import type { ModelDrawings } from '../charts/index.ts';
import type { ClassScores } from '../../metrics/index.ts';
import type { ModelEvaluation } from '../evaluation/types.ts';
import { gap } from '../gaps.ts';
import { compact, count, counted, decimal, percent, shape } from '../text/format.ts';
import { figure } from './figure.ts';
import { html, raw, type Html } from './html.ts';
import { confusionMatrix } from './matrix.ts';
import { settingsList } from './settings.ts';
import { dataTable } from './table.ts';

/** All there is to say about one model. */
export function modelSection(model: ModelEvaluation, drawings: ModelDrawings, confidence: number): Html {
  const anchor = `model-${model.slug}`;
  return html`<section class="model" id="${anchor}" aria-labelledby="${anchor}-title">
    <h2 id="${anchor}-title">${model.label}</h2>
    <p class="kicker">
      Test
      ${percent(model.testAccuracy)}${model.folds.length > 1 ? ` ± ${percent(model.testAccuracyStd)}` : null}
      · train ${percent(model.trainAccuracy)} · UAR ${percent(model.uar)} · macro F1
      ${decimal(model.macro.f1)}${
        model.outOfBagAccuracy === null ? null : ` · out of bag ${percent(model.outOfBagAccuracy)}`
      }${raw(gap('fitted-in', model.stage))}
    </p>
    ${notes(model)}
    <div class="beside">
      <div class="analysis">${model.analysis.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
      ${classificationReport(model)}
    </div>
    ${curves(model, drawings)}
    <h3>Confusion</h3>
    <div class="beside">${confusionMatrix(model, 'clips')} ${confusionMatrix(model, 'shares')}</div>
    <h3>Speakers and confidence</h3>
    <div class="charts">
      ${figure(drawings.speakers, 'Test accuracy by speaker', 'dashed: all speakers')}
      ${figure(drawings.reliability, 'Reliability', `expected calibration error ${decimal(model.calibration.ece, 3)}`)}
    </div>
    ${speakerTable(model)} ${mistakes(model)}
    <h3>The model</h3>
    ${architecture(model)} ${settings(model, confidence)}
  </section>`;
}

function notes(model: ModelEvaluation): Html | null {
  if (model.notes.length === 0) return null;
  return html`<ul class="statements">
    ${model.notes.map((text) => html`<li class="note">${text}</li>`)}
  </ul>`;
}

function curves(model: ModelEvaluation, drawings: ModelDrawings): Html {
  if (drawings.curves.length === 0) {
    return html`<p class="note">It is not trained in epochs, so it has no training curves.</p>`;
  }
  const titles = ['Accuracy', 'Loss', 'Learning rate'];
  const note =
    model.folds.length > 1
      ? 'light: each fold; bold: their mean; dots: best epochs'
      : 'dot and dashed line: best epoch';
  return html`<h3>Training</h3>
    <div class="charts">
      ${drawings.curves.map((drawing, index) => figure(drawing, titles[index], index < 2 ? note : null))}
    </div>`;
}

interface ReportRow extends ClassScores {
  readonly name: string;
}

function classificationReport(model: ModelEvaluation): Html {
  const total = model.classes.reduce((sum, figures) => sum + figures.support, 0);
  const rows: ReportRow[] = model.classes.map((figures) => ({ ...figures, name: figures.emotion }));
  const averages: ReportRow[] = [
    { name: 'macro average', ...model.macro },
    { name: 'weighted average', ...model.weighted },
  ];
  const foot = html`<tr>
      <th scope="row" class="left">accuracy</th>
      <td></td>
      <td></td>
      <td>${decimal(model.testAccuracy)}</td>
      <td>${count(total)}</td>
    </tr>
    ${averages.map(
      (row) =>
        html`<tr>
          <th scope="row" class="left">${row.name}</th>
          <td>${decimal(row.precision)}</td>
          <td>${decimal(row.recall)}</td>
          <td>${decimal(row.f1)}</td>
          <td>${count(row.support)}</td>
        </tr>`,
    )}`;
  return dataTable(
    `Classification report of ${model.label}, test part`,
    [
      { head: 'emotion', header: true, cell: (row) => row.name },
      { head: 'precision', cell: (row) => decimal(row.precision) },
      { head: 'recall', cell: (row) => decimal(row.recall) },
      { head: 'F1', cell: (row) => decimal(row.f1) },
      { head: 'support', cell: (row) => count(row.support) },
    ],
    rows,
    { foot },
  );
}

function speakerTable(model: ModelEvaluation): Html {
  return html`<details>
    <summary>Speakers in figures</summary>
    ${dataTable(
      `Test accuracy of ${model.label} by speaker, ${counted(model.speakers.length, 'speaker')}`,
      [
        { head: 'speaker', header: true, cell: (row) => row.speaker },
        { head: 'clips', cell: (row) => count(row.files) },
        { head: 'right', cell: (row) => count(row.correct) },
        { head: 'accuracy', cell: (row) => percent(row.accuracy) },
      ],
      model.speakers,
    )}
  </details>`;
}

function mistakes(model: ModelEvaluation): Html | null {
  if (model.mistakes.length === 0) return null;
  return html`<h3>Most confident mistakes</h3>
    ${dataTable(
      `Test clips that ${model.label} named wrongly with the highest probability`,
      [
        { head: 'clip', header: true, cell: (row) => html`<code>${row.clip}</code>` },
        { head: 'speaker', align: 'left', cell: (row) => row.speaker },
        { head: 'true', align: 'left', cell: (row) => row.emotion },
        { head: 'answered', align: 'left', cell: (row) => row.predicted },
        { head: 'its probability', cell: (row) => percent(row.confidence) },
        { head: 'of the true one', cell: (row) => percent(row.probabilityOfTruth) },
      ],
      model.mistakes,
    )}`;
}

function architecture(model: ModelEvaluation): Html {
  const { total, trainable } = model.parameters;
  if (model.layers.length === 0) {
    return html`<p>
      It has no layers${total > 0 ? `; its parameters are ${count(total)} in number` : null}.
    </p>`;
  }
  const footRow = (name: string, value: number): Html =>
    html`<tr>
      <th scope="row" class="left" colspan="3">${name}</th>
      <td>${count(value)}</td>
    </tr>`;
  return dataTable(
    `Layers of ${model.label}`,
    [
      { head: 'layer', header: true, cell: (layer) => layer.name },
      { head: 'type', align: 'left', cell: (layer) => layer.type },
      { head: 'output shape', align: 'left', cell: (layer) => shape(layer.outputShape) },
      { head: 'parameters', cell: (layer) => count(layer.parameters) },
    ],
    model.layers,
    {
      foot: html`${footRow('total', total)} ${footRow('trainable', trainable)}
      ${footRow('not trainable', total - trainable)}`,
    },
  );
}

function settings(model: ModelEvaluation, confidence: number): Html {
  const entries = Object.entries(model.hyperparameters).map(([name, value]): [string, string] => [
    name,
    written(value),
  ]);
  const seeds = model.folds.map((fold) => fold.seed);
  const { testAccuracyInterval: interval } = model;
  const all: [string, string][] = [
    ...entries,
    ...(model.library === null ? [] : [['library', model.library] as [string, string]]),
    ['stage', model.stage],
    ['seed of the fit', seeds.length > 1 ? seeds.join(', ') : String(seeds[0] ?? '–')],
    ...(interval
      ? [
          [`${percent(confidence, 0)} interval`, `${percent(interval.low)} – ${percent(interval.high)}`] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  return html`<details>
    <summary>Settings</summary>
    ${settingsList(all)}
  </details>`;
}

/** A hyperparameter as text. */
function written(value: unknown): string {
  if (typeof value === 'number') return compact(value);
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}
