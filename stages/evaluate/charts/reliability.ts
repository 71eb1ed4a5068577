import type { ModelEvaluation } from '../evaluation/types.ts';
import { color } from '../theme.ts';
import { counted, decimal, percent } from '../text/format.ts';
import { fractions, size, type Chart } from './chart.ts';

/** Accuracy against confidence, a bin a dot. On the diagonal a model is as often right as it claims. */
export function reliabilityChart(model: ModelEvaluation): Chart {
  const { bins, ece } = model.calibration;
  const values = bins.map((bin) => ({
    confidence: bin.confidence,
    accuracy: bin.accuracy,
    files: bin.count,
    tip: `confidence ${percent(bin.from, 0)} to ${percent(bin.to, 0)}: right in ${percent(bin.accuracy)} of ${counted(bin.count, 'clip')}`,
  }));
  const x = fractions('confidence', 'confidence');
  const y = fractions('accuracy', 'accuracy');
  return {
    name: `${model.slug}-reliability`,
    title: `${model.label}: reliability (ECE ${decimal(ece, 3)})`,
    description: `Accuracy of ${model.label} by the confidence of its answers; expected calibration error ${decimal(ece, 3)}. Below the diagonal it is too sure.`,
    spec: {
      ...size(220),
      layer: [
        {
          data: {
            values: [
              { confidence: 0, accuracy: 0 },
              { confidence: 1, accuracy: 1 },
            ],
          },
          mark: { type: 'line', color: color('second'), strokeDash: [3, 3], strokeWidth: 1, aria: false },
          encoding: { x, y },
        },
        {
          data: { values },
          mark: { type: 'circle', color: color('accent'), opacity: 1 },
          encoding: {
            x,
            y,
            size: {
              field: 'files',
              type: 'quantitative',
              legend: null,
              scale: { range: [25, 260], zero: true },
            },
            description: { field: 'tip' },
          },
        },
      ],
    },
  };
}
