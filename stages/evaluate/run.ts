import { writeFile } from 'node:fs/promises';
import { StageFailure, type InputArtifact, type StageContext } from '../../runner/kind/index.ts';
import { auditScalers } from '../train/fitted-on.ts';
import { drawAll } from './charts/index.ts';
import { png } from './charts/png.ts';
import { evaluate } from './evaluation/evaluate.ts';
import type { Statement } from './evaluation/types.ts';
import { page } from './html/page.ts';
import type { EvaluateParams } from './index.ts';
import { readSplit } from './inputs/split.ts';
import { readTraining, type Training } from './inputs/training.ts';
import { markdownReport } from './markdown/report.ts';
import { metricsOf } from './metrics-file.ts';
import { readDurations, readRecordingNames } from './recordings/read.ts';
import { viewRecordings, type RecordingViews } from './recordings/view.ts';

/** Reads all artifacts, computes every figure once, and writes the four forms that the figures take. */
export async function run(context: StageContext<EvaluateParams>): Promise<void> {
  const split = await readSplit(context.input('split'));
  const trainings: Training[] = [];
  let scalers = 0;
  for (const artifact of context.inputs.models) {
    trainings.push(await readTraining(artifact, split));
    // After the reading, which says in plainer words where the split is another one.
    scalers += await auditScalers(artifact, context.input('split'));
  }
  if (trainings.length === 0) {
    throw new StageFailure('there is no model to evaluate', {
      place: 'in.models',
      hint: 'name at least one stage that trains, e.g. models: "train[*]"',
    });
  }
  const [clips, audio] = [optional(context, 'clips'), optional(context, 'audio')];
  const durations = {
    original: clips ? await readDurations(clips) : null,
    processed: audio ? await readDurations(audio) : null,
  };
  const names = clips ? await readRecordingNames(clips) : undefined;
  const evaluated = evaluate(split, trainings, context.params, durations, scalers, names);
  const drawings = await drawAll(evaluated);
  const views = await viewRecordings(evaluated, { clips, audio }, context.params.embeddedMegabytes * 1e6);
  const evaluation = { ...evaluated, protocol: [...evaluated.protocol, ...withoutPicture(views)] };
  const recordings = [...views.examples.values(), ...views.hardClips.values()];
  const figures = [...drawings.all, ...recordings.map(({ drawing }) => drawing)];
  const { output } = context;
  await output.json('metrics.json', metricsOf(evaluation));
  for (const [index, drawing] of figures.entries()) {
    context.progress({ done: index, total: figures.length, unit: 'figures' });
    await writeFile(output.path(`figures/${drawing.name}.svg`), drawing.standalone);
    await writeFile(output.path(`figures/${drawing.name}.png`), png(drawing.standalone));
  }
  await writeFile(output.path('report.md'), markdownReport(evaluation, drawings, views));
  await writeFile(output.path('report.html'), page(evaluation, drawings, views));
}

/** Names the recordings that could not be drawn. */
function withoutPicture({ failed }: RecordingViews): Statement[] {
  return failed.map(({ clip, why }) => ({
    tone: 'caution',
    text: `There is no picture of the recording ${clip}: ${why}. The figures are not touched by that.`,
  }));
}

function optional(context: StageContext<EvaluateParams>, name: string): InputArtifact | undefined {
  return (context.inputs[name] as readonly InputArtifact[] | undefined)?.at(0);
}
