import type { EpochRecord, FoldSummary } from '../../train/summary.ts';
import type { ModelEvaluation } from '../evaluation/types.ts';
import { color } from '../theme.ts';
import { compact, percent } from '../text/format.ts';
import { fractions, size, type Chart, type Layer, type Position } from './chart.ts';

interface Measure {
  readonly name: 'accuracy' | 'loss';
  readonly train: (record: EpochRecord) => number;
  readonly validation: (record: EpochRecord) => number;
  readonly written: (value: number) => string;
}

const measures: readonly Measure[] = [
  {
    name: 'accuracy',
    train: (r) => r.accuracy,
    validation: (r) => r.validationAccuracy,
    written: (v) => percent(v),
  },
  { name: 'loss', train: (r) => r.loss, validation: (r) => r.validationLoss, written: compact },
];

interface Axes {
  readonly x: Position;
  readonly y: Position;
}

interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly part: 'train' | 'validation';
  readonly line: string;
  readonly tip: string;
}

/** Accuracy, loss and learning rate by epoch; none for a model without epochs. */
export function curveCharts(model: ModelEvaluation): Chart[] {
  const folds = model.folds.filter((fold) => fold.history.length > 0);
  if (folds.length === 0) return [];
  return [...measures.map((measure) => curve(model, folds, measure)), learningRate(model, folds)];
}

function curve(model: ModelEvaluation, folds: readonly FoldSummary[], measure: Measure): Chart {
  const several = folds.length > 1;
  const lines = folds.flatMap((fold) => foldPoints(fold, measure, several));
  const means = several ? meanPoints(folds, measure) : [];
  const last = folds[0].history[folds[0].history.length - 1];
  const axes: Axes = { x: epochAxis(folds), y: valueAxis(measure) };
  const best = folds.flatMap((fold) => bestPoint(fold, measure));
  return {
    name: `${model.slug}-${measure.name}`,
    title: `${model.label}: ${measure.name}`,
    description:
      `${measure.name} of ${model.label} by epoch on the training and the validation part` +
      (several
        ? `, one light line for each of ${folds.length} folds and their mean in bold.`
        : `; after ${last.epoch} epochs ${measure.written(measure.train(last))} and ${measure.written(measure.validation(last))}.`),
    spec: {
      ...size(220),
      layer: [
        ...(several ? [line(lines, axes, 1, 0.3), line(means, axes, 2.5, 1)] : [line(lines, axes, 2, 1)]),
        ...(several ? [] : bestRule(folds[0])),
        {
          data: { values: best },
          mark: { type: 'point', filled: true, size: several ? 36 : 64, opacity: 1, color: color('accent') },
          encoding: { ...axes, description: { field: 'tip' } },
        },
        tips(several ? means : lines, axes),
      ],
    },
  };
}

function foldPoints(fold: FoldSummary, measure: Measure, several: boolean): Point[] {
  const prefix = several ? `fold ${fold.fold + 1}, ` : '';
  return (['train', 'validation'] as const).flatMap((part) =>
    fold.history.map((record) => {
      const value = measure[part](record);
      const tip = `${prefix}epoch ${record.epoch}: ${part} ${measure.name} ${measure.written(value)}`;
      return { epoch: record.epoch, value, part, line: `${part} ${fold.fold}`, tip };
    }),
  );
}

/** The mean over the folds, as far as all of them were trained: beyond, it would jump as folds drop out. */
function meanPoints(folds: readonly FoldSummary[], measure: Measure): Point[] {
  const epochs = Math.min(...folds.map((fold) => fold.history.length));
  return (['train', 'validation'] as const).flatMap((part) =>
    Array.from({ length: epochs }, (_, index) => {
      const values = folds.map((fold) => measure[part](fold.history[index]));
      const value = values.reduce((sum, each) => sum + each, 0) / values.length;
      const epoch = folds[0].history[index].epoch;
      const tip = `epoch ${epoch}: mean ${part} ${measure.name} ${measure.written(value)}`;
      return { epoch, value, part, line: `${part} mean`, tip };
    }),
  );
}

function bestPoint(fold: FoldSummary, measure: Measure): { epoch: number; value: number; tip: string }[] {
  const record = fold.history.find((each) => each.epoch === fold.bestEpoch);
  if (!record) return [];
  const value = measure.validation(record);
  const tip = `best epoch ${record.epoch}: validation ${measure.name} ${measure.written(value)}`;
  return [{ epoch: record.epoch, value, tip }];
}

function bestRule(fold: FoldSummary): Layer[] {
  if (fold.bestEpoch === null) return [];
  const data = { values: [{ best: fold.bestEpoch, text: `best: ${fold.bestEpoch}` }] };
  const x = { field: 'best', type: 'quantitative' } as const;
  const nearEnd = fold.bestEpoch > fold.epochs * 0.75;
  return [
    {
      data,
      mark: { type: 'rule', strokeDash: [3, 3], color: color('second'), aria: false },
      encoding: { x },
    },
    {
      data,
      mark: {
        type: 'text',
        align: nearEnd ? 'right' : 'left',
        dx: nearEnd ? -5 : 5,
        color: color('muted'),
        aria: false,
      },
      encoding: { x, y: { value: 6 }, text: { field: 'text' } },
    },
  ];
}

function line(points: readonly Point[], axes: Axes, strokeWidth: number, opacity: number): Layer {
  return {
    data: { values: [...points] },
    mark: { type: 'line', strokeWidth, opacity, strokeCap: 'round', strokeJoin: 'round', aria: false },
    encoding: {
      ...axes,
      detail: { field: 'line' },
      color: {
        field: 'part',
        type: 'nominal',
        scale: { domain: ['train', 'validation'], range: [color('second'), color('accent')] },
      },
    },
  };
}

/** Marks that cannot be seen, for the pointer to find. */
function tips(points: readonly Point[], axes: Axes): Layer {
  return {
    data: { values: [...points] },
    mark: { type: 'point', filled: true, size: 40, opacity: 0, color: color('text') },
    encoding: { ...axes, description: { field: 'tip' } },
  };
}

function learningRate(model: ModelEvaluation, folds: readonly FoldSummary[]): Chart {
  const several = folds.length > 1;
  const points = folds.flatMap((fold) =>
    fold.history.map((record) => ({
      epoch: record.epoch,
      value: record.learningRate,
      line: `${fold.fold}`,
      tip: `${several ? `fold ${fold.fold + 1}, ` : ''}epoch ${record.epoch}: learning rate ${compact(record.learningRate)}`,
    })),
  );
  const rates = points.map((point) => point.value);
  return {
    name: `${model.slug}-learning-rate`,
    title: `${model.label}: learning rate`,
    description: `Learning rate of ${model.label} by epoch, from ${compact(Math.max(...rates))} down to ${compact(Math.min(...rates))}.`,
    spec: {
      ...size(220),
      data: { values: points },
      encoding: {
        x: epochAxis(folds),
        y: {
          field: 'value',
          type: 'quantitative',
          scale: { type: 'log', nice: false, domain: [Math.min(...rates) / 2, Math.max(...rates) * 1.25] },
          title: 'learning rate',
          axis: { values: [...new Set(rates)], format: '.2~e' },
        },
      },
      layer: [
        {
          mark: {
            type: 'line',
            interpolate: 'step-after',
            opacity: several ? 0.5 : 1,
            color: color('accent'),
            aria: false,
          },
          encoding: { detail: { field: 'line' } },
        },
        {
          mark: { type: 'point', filled: true, size: 40, opacity: 0, color: color('text') },
          encoding: { description: { field: 'tip' } },
        },
      ],
    },
  };
}

function epochAxis(folds: readonly FoldSummary[]): Position {
  const last = Math.max(...folds.map((fold) => fold.history.length));
  return {
    field: 'epoch',
    type: 'quantitative',
    title: 'epoch',
    scale: { domain: [Math.min(1, last - 1), last], nice: false },
    axis: { format: 'd', tickMinStep: 1, tickCount: Math.min(last, 8), grid: false },
  };
}

function valueAxis(measure: Measure): Position {
  if (measure.name === 'accuracy') return fractions('value', 'accuracy');
  return { field: 'value', type: 'quantitative', title: 'loss', axis: { tickCount: 5 } };
}
