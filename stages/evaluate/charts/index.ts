import type { Evaluation } from '../evaluation/types.ts';
import { balanceChart } from './balance.ts';
import type { Chart } from './chart.ts';
import { comparisonChart } from './comparison.ts';
import { confusionChart } from './confusion.ts';
import { curveCharts } from './curves.ts';
import { reliabilityChart } from './reliability.ts';
import { durationsChart } from './durations.ts';
import { draw, type Drawing } from './render.ts';
import { speakersChart } from './speakers.ts';

/** The drawings of a report. A page takes them by place, a folder of figures takes them all. */
export interface Drawings {
  readonly comparison: Drawing;
  readonly balance: Drawing;
  /** Null where no recordings are given. */
  readonly durations: Drawing | null;
  /** By the model's slug. */
  readonly models: ReadonlyMap<string, ModelDrawings>;
  readonly all: readonly Drawing[];
}

export interface ModelDrawings {
  /** Accuracy, loss and learning rate; empty for a model without epochs. */
  readonly curves: readonly Drawing[];
  readonly confusion: Drawing;
  readonly speakers: Drawing;
  readonly reliability: Drawing;
}

export async function drawAll(evaluation: Evaluation): Promise<Drawings> {
  const all: Drawing[] = [];
  const keep = async (chart: Chart): Promise<Drawing> => {
    const drawing = await draw(chart);
    all.push(drawing);
    return drawing;
  };
  const comparison = await keep(comparisonChart(evaluation));
  const balance = await keep(balanceChart(evaluation));
  const durationsOf = durationsChart(evaluation.dataset);
  const durations = durationsOf ? await keep(durationsOf) : null;
  const models = new Map<string, ModelDrawings>();
  for (const model of evaluation.models) {
    const curves: Drawing[] = [];
    for (const chart of curveCharts(model)) curves.push(await keep(chart));
    models.set(model.slug, {
      curves,
      confusion: await keep(confusionChart(model)),
      speakers: await keep(speakersChart(model)),
      reliability: await keep(reliabilityChart(model)),
    });
  }
  return { comparison, balance, durations, models, all };
}
