import type { DatasetFigures } from '../evaluation/types.ts';
import { color } from '../theme.ts';
import { counted } from '../text/format.ts';
import { size, type Chart } from './chart.ts';

const bins = 24;

/** How long the clips are, before and after preprocessing; null where no recordings are given. */
export function durationsChart({ durations, processedDurations }: DatasetFigures): Chart | null {
  const series = [
    ...(durations ? [{ part: 'recorded', all: durations.all }] : []),
    ...(processedDurations ? [{ part: 'preprocessed', all: processedDurations.all }] : []),
  ];
  const longest = Math.max(0, ...series.flatMap(({ all }) => all));
  if (longest === 0) return null;
  const width = niceWidth(longest / bins);
  const values = series.flatMap(({ part, all }) => histogram(all, width, longest, part));
  return {
    name: 'durations',
    title: 'Durations',
    description: series.map(({ part, all }) => described(part, all)).join(' '),
    spec: {
      ...size(232),
      layer: [
        {
          data: { values },
          mark: { type: 'bar', opacity: 0.6, binSpacing: 0 },
          encoding: {
            x: { field: 'from', type: 'quantitative', title: 'seconds', axis: { grid: false, tickCount: 6 } },
            x2: { field: 'to' },
            y: {
              field: 'clips',
              type: 'quantitative',
              title: 'clips',
              stack: null,
              axis: { tickCount: 4, tickMinStep: 1 },
            },
            y2: { datum: 0 },
            color: {
              field: 'part',
              type: 'nominal',
              scale: { domain: ['recorded', 'preprocessed'], range: [color('second'), color('accent')] },
            },
            description: { field: 'tip' },
          },
        },
      ],
    },
  };
}

function histogram(all: readonly number[], width: number, longest: number, part: string) {
  const counts = new Array<number>(Math.floor(longest / width) + 1).fill(0);
  for (const duration of all) counts[Math.floor(duration / width)]++;
  return counts.flatMap((clips, index) => {
    if (clips === 0) return [];
    const [from, to] = [index * width, (index + 1) * width];
    const tip = `${part}, ${Number(from.toFixed(3))} to ${Number(to.toFixed(3))} s: ${counted(clips, 'clip')}`;
    return [{ part, from, to, clips, tip }];
  });
}

/** The next of 1, 2, 2.5 and 5 times a power of ten. */
function niceWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= width) ?? 10) * power;
}

function described(part: string, all: readonly number[]): string {
  const mean = all.reduce((sum, duration) => sum + duration, 0) / all.length;
  return `${counted(all.length, `${part} clip`)} of ${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)} s, ${mean.toFixed(2)} s on average.`;
}
