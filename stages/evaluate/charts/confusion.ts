import type { ModelEvaluation } from '../evaluation/types.ts';
import { color, heatStep, heatSteps } from '../theme.ts';
import { percent } from '../text/format.ts';
import type { Chart } from './chart.ts';

const matrixWidth = 420;

/** The confusion matrix: in each cell the clips, and their share of the true emotion's clips. */
export function confusionChart(model: ModelEvaluation): Chart {
  const emotions = model.classes.map((figures) => figures.emotion);
  const cells = model.confusion.flatMap((row, truth) =>
    row.map((clips, predicted) => {
      const share = model.classes[truth].support === 0 ? 0 : clips / model.classes[truth].support;
      return {
        truth: emotions[truth],
        predicted: emotions[predicted],
        clips: String(clips),
        share: clips === 0 ? '' : percent(share, 0),
        step: heatStep(share),
        tip: `${emotions[truth]} taken for ${emotions[predicted]}: ${clips} clips, ${percent(share)}`,
      };
    }),
  );
  const steps = Array.from({ length: heatSteps + 1 }, (_, step) => step);
  const scaled = (prefix: 'heat' | 'heat-text') => ({
    field: 'step',
    type: 'ordinal' as const,
    legend: null,
    scale: { domain: steps, range: steps.map((step) => color(`${prefix}-${step}`)) },
  });
  return {
    name: `${model.slug}-confusion`,
    title: `${model.label}: confusion matrix, test`,
    description: `Confusion matrix of ${model.label} on the test part: true emotions in rows, answers in columns, counts and shares of the row.`,
    spec: {
      width: matrixWidth,
      height: matrixWidth * 0.86,
      autosize: { type: 'fit', contains: 'padding' },
      data: { values: cells },
      encoding: {
        x: {
          field: 'predicted',
          type: 'nominal',
          sort: null,
          title: 'predicted',
          axis: { orient: 'bottom', labelAngle: -40, domain: false, ticks: false },
        },
        y: {
          field: 'truth',
          type: 'nominal',
          sort: null,
          title: 'true',
          axis: { domain: false, ticks: false },
        },
      },
      layer: [
        {
          mark: { type: 'rect', cornerRadius: 2, stroke: color('surface'), strokeWidth: 1.5 },
          encoding: { color: scaled('heat'), description: { field: 'tip' } },
        },
        {
          mark: { type: 'text', dy: -5, fontSize: 11, fontWeight: 600, aria: false },
          encoding: { text: { field: 'clips' }, color: scaled('heat-text') },
        },
        {
          mark: { type: 'text', dy: 7, fontSize: 9, aria: false },
          encoding: { text: { field: 'share' }, color: scaled('heat-text') },
        },
      ],
      resolve: { scale: { color: 'independent' } },
    },
  };
}
