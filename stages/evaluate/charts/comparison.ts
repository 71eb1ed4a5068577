import { rankedModels } from '../evaluation/ranking.ts';
import type { Evaluation } from '../evaluation/types.ts';
import { color } from '../theme.ts';
import { percent } from '../text/format.ts';
import { fractions, size, type Chart, type Position } from './chart.ts';

const rowHeight = 44;

/** Train and test accuracy of every model on one axis, with the test accuracy's interval and the chance level. */
export function comparisonChart(evaluation: Evaluation): Chart {
  const rows = rankedModels(evaluation);
  const spans = rows.map((model) => ({
    model: model.label,
    from: Math.min(model.trainAccuracy, model.testAccuracy),
    to: Math.max(model.trainAccuracy, model.testAccuracy),
    lower: model.testAccuracyInterval?.low ?? model.testAccuracy,
    upper: model.testAccuracyInterval?.high ?? model.testAccuracy,
  }));
  const dots = rows.flatMap((model) => [
    { model: model.label, part: 'train', accuracy: model.trainAccuracy },
    { model: model.label, part: 'test', accuracy: model.testAccuracy },
  ]);
  const chances = rows.map((model) => ({
    model: model.label,
    accuracy: evaluation.chance,
    tip: `the commonest emotion always: ${percent(evaluation.chance)}`,
  }));
  const tipped = dots.map((dot) => ({
    ...dot,
    tip: `${dot.model}: ${dot.part} accuracy ${percent(dot.accuracy)}`,
  }));
  const y: Position = {
    field: 'model',
    type: 'nominal',
    sort: null,
    title: null,
    axis: {
      labelAlign: 'left',
      labelBaseline: 'bottom',
      labelPadding: -4,
      labelOffset: -11,
      labelColor: color('text'),
      labelFontSize: 12,
      labelLimit: 300,
      domain: false,
      ticks: false,
    },
  };
  const interval = evaluation.models.some((model) => model.testAccuracyInterval !== null);
  return {
    name: 'comparison',
    title: 'Train and test accuracy',
    description:
      `Train and test accuracy of ${rows.length} models. ` +
      rows
        .map(
          (model) =>
            `${model.label}: train ${percent(model.trainAccuracy)}, test ${percent(model.testAccuracy)}.`,
        )
        .join(' ') +
      (interval ? ` Bars: ${percent(evaluation.confidence, 0)} interval of the test accuracy.` : ''),
    spec: {
      ...size(rows.length * rowHeight + 80),
      layer: [
        {
          data: { values: chances },
          mark: { type: 'tick', color: color('muted'), thickness: 1.5, size: 18 },
          encoding: { y, x: fractions('accuracy', 'accuracy'), description: { field: 'tip' } },
        },
        {
          data: { values: spans },
          mark: { type: 'rule', color: color('line'), strokeWidth: 2, aria: false },
          encoding: { y, x: fractions('from', 'accuracy'), x2: { field: 'to' } },
        },
        {
          data: { values: spans },
          mark: {
            type: 'bar',
            color: color('accent'),
            opacity: 0.22,
            height: 10,
            cornerRadius: 5,
            aria: false,
          },
          encoding: { y, x: fractions('lower', 'accuracy'), x2: { field: 'upper' } },
        },
        {
          data: { values: tipped },
          mark: { type: 'point', filled: true, size: 90, opacity: 1 },
          encoding: {
            y,
            x: fractions('accuracy', 'accuracy'),
            color: {
              field: 'part',
              type: 'nominal',
              scale: { domain: ['train', 'test'], range: [color('second'), color('accent')] },
            },
            description: { field: 'tip' },
          },
        },
      ],
    },
  };
}
