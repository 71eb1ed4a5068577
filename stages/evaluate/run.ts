import { writeFile } from 'node:fs/promises';
import { StageFailure, type StageContext } from '../../runner/kind/index.ts';
import { drawAll } from './charts/index.ts';
import { png } from './charts/png.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { page } from './html/page.ts';
import type { EvaluateParams } from './index.ts';
import { readSplit } from './inputs/split.ts';
import { readTraining, type Training } from './inputs/training.ts';
import { markdownReport } from './markdown/report.ts';
import { metricsOf } from './metrics-file.ts';

/** Reads all artifacts, computes every figure once, and writes the four forms that the figures take. */
export async function run(context: StageContext<EvaluateParams>): Promise<void> {
  const split = await readSplit(context.input('split'));
  const trainings: Training[] = [];
  for (const artifact of context.inputs.models) trainings.push(await readTraining(artifact, split));
  if (trainings.length === 0) {
    throw new StageFailure('there is no model to evaluate', {
      place: 'in.models',
      hint: 'name at least one stage that trains, e.g. models: "train[*]"',
    });
  }
  const evaluation = evaluate(split, trainings, context.params);
  const drawings = await drawAll(evaluation);
  const { output } = context;
  await output.json('metrics.json', metricsOf(evaluation));
  for (const [index, drawing] of drawings.all.entries()) {
    context.progress({ done: index, total: drawings.all.length, unit: 'figures' });
    await writeFile(output.path(`figures/${drawing.name}.svg`), drawing.standalone);
    await writeFile(output.path(`figures/${drawing.name}.png`), png(drawing.standalone));
  }
  await writeFile(output.path('report.md'), markdownReport(evaluation, drawings));
  await writeFile(output.path('report.html'), page(evaluation, drawings));
}
