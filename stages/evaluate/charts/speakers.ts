import type { ModelEvaluation } from '../evaluation/types.ts';
import { color } from '../theme.ts';
import { counted, percent } from '../text/format.ts';
import { fractions, size, type Chart } from './chart.ts';

/** Test accuracy of each speaker, with the accuracy over all of them as a line. */
export function speakersChart(model: ModelEvaluation): Chart {
  const values = model.speakers.map((figures) => ({
    speaker: figures.speaker,
    accuracy: figures.accuracy,
    tip: `speaker ${figures.speaker}: ${percent(figures.accuracy)}, ${figures.correct} of ${counted(figures.files, 'clip')}`,
  }));
  return {
    name: `${model.slug}-speakers`,
    title: `${model.label}: test accuracy by speaker`,
    description: `Test accuracy of ${model.label} for each of ${values.length} speakers; over all ${percent(model.testAccuracy)}.`,
    spec: {
      ...size(220),
      layer: [
        {
          data: { values },
          mark: { type: 'bar', color: color('accent'), opacity: 0.75, cornerRadiusEnd: 2 },
          encoding: {
            x: {
              field: 'speaker',
              type: 'nominal',
              sort: null,
              title: 'speaker',
              axis: { labelAngle: 0, labelOverlap: 'greedy', ticks: false },
            },
            y: { ...fractions('accuracy', 'accuracy'), stack: null },
            description: { field: 'tip' },
          },
        },
        {
          data: {
            values: [{ accuracy: model.testAccuracy, tip: `all speakers: ${percent(model.testAccuracy)}` }],
          },
          mark: { type: 'rule', color: color('text'), strokeDash: [4, 3] },
          encoding: { y: { field: 'accuracy', type: 'quantitative' }, description: { field: 'tip' } },
        },
      ],
    },
  };
}
