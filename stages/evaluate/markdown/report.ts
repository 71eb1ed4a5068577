import type { Drawings, ModelDrawings } from '../charts/index.ts';
import { bestAndWeakest, publishedFor, rankedModels } from '../evaluation/ranking.ts';
import { howMissing, libraries } from '../evaluation/libraries.ts';
import { bestBy, comparisonCaveat, comparisonCells, comparisonHeads } from '../text/comparisons.ts';
import type { Evaluation, ModelEvaluation, Statement } from '../evaluation/types.ts';
import { gap } from '../gaps.ts';
import { count, decimal, percent, shape } from '../text/format.ts';
import type { RecordingViews } from '../recordings/view.ts';
import { markdownTable, pictures, plain, type MarkdownColumn } from './markdown.ts';

/** `report.md`: the page's tables and pictures for reading in a repository. */
export function markdownReport(evaluation: Evaluation, drawings: Drawings, views: RecordingViews): string {
  const models = rankedModels(evaluation);
  return `${[
    `# ${plain(evaluation.title)}`,
    ...evaluation.summary.map(plain),
    '## Comparison',
    comparison(evaluation),
    ...(models.length > 1 ? [plain(bestBy(evaluation))] : []),
    ...differences(evaluation),
    pictures([drawings.comparison]),
    '## How to read these figures',
    evaluation.protocol.map(statement).join('\n'),
    '## Data',
    dataTable(evaluation),
    pictures([drawings.balance, ...(drawings.durations ? [drawings.durations] : [])]),
    ...(views.examples.size > 0
      ? [
          '### A recording of each emotion, before and after preprocessing',
          pictures([...views.examples.values()].map(({ drawing }) => drawing)),
        ]
      : []),
    ...models.flatMap((model) => {
      const own = drawings.models.get(model.slug);
      return own ? modelParts(model, own) : [];
    }),
    '## How it was made',
    ...libraries(evaluation).map(plain),
    gap('how', '', howMissing),
  ].join('\n\n')}\n`;
}

const fitTime = 'fit time';

interface ComparisonRow {
  readonly cells: Readonly<Record<string, string>>;
}

function comparison(evaluation: Evaluation): string {
  const several = evaluation.split.folds > 1;
  const test = several ? 'test ± SD of folds' : 'test';
  const interval = `${percent(evaluation.confidence, 0)} interval`;
  const chosenByValidation = evaluation.choice.by === 'validation';
  const rows = rankedModels(evaluation).flatMap((model): ComparisonRow[] => {
    const { best, weakest } = bestAndWeakest(model);
    const range = model.testAccuracyInterval;
    const own = {
      model: model.model,
      features: model.features,
      train: percent(model.trainAccuracy),
      ...(chosenByValidation
        ? { validation: model.validation ? percent(model.validation.accuracy) : '–' }
        : {}),
      [test]: percent(model.testAccuracy) + (several ? ` ± ${percent(model.testAccuracyStd)}` : ''),
      [interval]: range ? `${percent(range.low)} – ${percent(range.high)}` : '–',
      UAR: percent(model.uar),
      'macro F1': decimal(model.macro.f1),
      parameters: model.parameters.total > 0 ? count(model.parameters.total) : '–',
      epochs: model.epochs > 0 ? count(model.epochs) : '–',
      [fitTime]: gap('fit-time', model.stage, '–'),
      'best emotion': `${best.emotions} ${best.recall}`,
      'weakest emotion': `${weakest.emotions} ${weakest.recall}`,
    };
    const published = publishedFor(evaluation, model).map((result) => ({
      model: `published: ${result.source}`,
      train: result.trainAccuracy === undefined ? '–' : percent(result.trainAccuracy),
      [test]: percent(result.testAccuracy),
      'macro F1': result.macroF1 === undefined ? '–' : decimal(result.macroF1),
    }));
    return [{ cells: own }, ...published.map((cells) => ({ cells }))];
  });
  const left = ['model', 'features', 'best emotion', 'weakest emotion'];
  const heads = Object.keys(rows[0].cells);
  return markdownTable(
    heads.map((head): MarkdownColumn<ComparisonRow> => ({
      head,
      align: left.includes(head) ? 'left' : 'right',
      verbatim: head === fitTime,
      cell: (row) => row.cells[head] ?? '–',
    })),
    rows,
  );
}

function differences(evaluation: Evaluation): string[] {
  if (evaluation.comparisons.length === 0) return [];
  return [
    '### Are the differences more than chance?',
    plain(comparisonCaveat(evaluation)),
    markdownTable(
      comparisonHeads(evaluation).map((head, at) => ({
        head,
        align: at === 0 ? ('left' as const) : ('right' as const),
        cell: (row: readonly string[]) => row[at],
      })),
      evaluation.comparisons.map((comparison) => comparisonCells(comparison, evaluation)),
    ),
  ];
}

function statement({ tone, text }: Statement): string {
  const label = tone === 'caution' ? '**Caution.** ' : tone === 'sound' ? '**Sound.** ' : '';
  return `- ${label}${plain(text)}`;
}

function dataTable({ dataset, emotions }: Evaluation): string {
  return [
    `${count(dataset.files)} clips of ${count(dataset.speakers.length)} speakers.`,
    markdownTable(
      [
        { head: 'emotion', align: 'left', cell: (row) => row.emotion },
        { head: 'clips', cell: (row) => count(row.clips) },
        { head: 'share', cell: (row) => percent(row.clips / dataset.files) },
      ],
      emotions.map((emotion, index) => ({ emotion, clips: dataset.counts[index] })),
    ),
  ].join('\n\n');
}

function modelParts(model: ModelEvaluation, drawings: ModelDrawings): string[] {
  return [
    `## ${plain(model.label)}`,
    ...model.analysis.map(plain),
    ...(model.outOfBagAccuracy === null
      ? []
      : [
          `Accuracy out of bag, on training clips by the trees that did not see them: ${percent(model.outOfBagAccuracy)}.`,
        ]),
    ...(drawings.curves.length > 0
      ? ['### Training', pictures(drawings.curves)]
      : ['It is not trained in epochs, so it has no training curves.']),
    '### By emotion',
    classificationTable(model),
    '### Confusion, speakers, reliability',
    pictures([drawings.confusion, drawings.speakers, drawings.reliability]),
    ...mistakes(model),
    '### Layers',
    layers(model),
  ];
}

function classificationTable(model: ModelEvaluation): string {
  const total = model.macro.support;
  const figures = (
    name: string,
    scores: { precision: number; recall: number; f1: number; support: number },
  ) => ({
    name,
    precision: decimal(scores.precision),
    recall: decimal(scores.recall),
    f1: decimal(scores.f1),
    support: count(scores.support),
  });
  const rows = [
    ...model.classes.map((scores) => figures(scores.emotion, scores)),
    { name: 'accuracy', precision: '', recall: '', f1: decimal(model.testAccuracy), support: count(total) },
    figures('macro average', model.macro),
    figures('weighted average', model.weighted),
  ];
  return markdownTable(
    [
      { head: 'emotion', align: 'left', cell: (row) => row.name },
      { head: 'precision', cell: (row) => row.precision },
      { head: 'recall', cell: (row) => row.recall },
      { head: 'F1', cell: (row) => row.f1 },
      { head: 'support', cell: (row) => row.support },
    ],
    rows,
  );
}

function mistakes(model: ModelEvaluation): string[] {
  if (model.mistakes.length === 0) return [];
  return [
    '### Most confident mistakes',
    markdownTable(
      [
        { head: 'clip', align: 'left', cell: (row) => row.clip },
        { head: 'speaker', align: 'left', cell: (row) => row.speaker },
        { head: 'true', align: 'left', cell: (row) => row.emotion },
        { head: 'answered', align: 'left', cell: (row) => row.predicted },
        { head: 'its probability', cell: (row) => percent(row.confidence) },
        { head: 'of the true one', cell: (row) => percent(row.probabilityOfTruth) },
      ],
      model.mistakes,
    ),
  ];
}

function layers(model: ModelEvaluation): string {
  const { total, trainable } = model.parameters;
  if (model.layers.length === 0) {
    return `It has no layers${total > 0 ? `; its parameters are ${count(total)} in number` : ''}.`;
  }
  const rows = [
    ...model.layers.map((layer) => ({
      name: layer.name,
      type: layer.type,
      shape: shape(layer.outputShape),
      parameters: layer.parameters,
    })),
    { name: 'total', type: '', shape: '', parameters: total },
    { name: 'trainable', type: '', shape: '', parameters: trainable },
    { name: 'not trainable', type: '', shape: '', parameters: total - trainable },
  ];
  return markdownTable(
    [
      { head: 'layer', align: 'left', cell: (row) => row.name },
      { head: 'type', align: 'left', cell: (row) => row.type },
      { head: 'output shape', align: 'left', cell: (row) => row.shape },
      { head: 'parameters', cell: (row) => count(row.parameters) },
    ],
    rows,
  );
}
