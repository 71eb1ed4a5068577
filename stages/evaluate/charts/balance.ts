import type { Evaluation } from '../evaluation/types.ts';
import { color } from '../theme.ts';
import { count, counted, percent } from '../text/format.ts';
import { size, type Chart } from './chart.ts';

/** Clips by emotion. */
export function balanceChart({ dataset, emotions }: Evaluation): Chart {
  const values = emotions.map((emotion, index) => {
    const clips = dataset.counts[index];
    return {
      emotion,
      clips,
      text: count(clips),
      tip: `${emotion}: ${counted(clips, 'clip')}, ${percent(clips / dataset.files)}`,
    };
  });
  const y = {
    field: 'emotion',
    type: 'nominal',
    sort: null,
    title: null,
    axis: { domain: false, ticks: false, labelColor: color('text') },
  } as const;
  return {
    name: 'class-balance',
    title: 'Clips by emotion',
    description: `Clips by emotion: ${values.map((value) => `${value.emotion} ${value.text}`).join(', ')}.`,
    spec: {
      ...size(emotions.length * 24 + 40),
      data: { values },
      layer: [
        {
          mark: {
            type: 'bar',
            color: color('accent'),
            opacity: 0.75,
            cornerRadiusEnd: 2,
            height: { band: 0.72 },
          },
          encoding: {
            y,
            x: {
              field: 'clips',
              type: 'quantitative',
              title: 'clips',
              stack: null,
              axis: { tickCount: 4, tickMinStep: 1 },
            },
            description: { field: 'tip' },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 4, color: color('muted'), aria: false },
          encoding: { y, x: { field: 'clips', type: 'quantitative' }, text: { field: 'text' } },
        },
      ],
    },
  };
}
