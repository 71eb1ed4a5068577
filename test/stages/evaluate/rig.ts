import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { params, type EvaluateParams } from '../../../stages/evaluate/index.ts';
import { metricsSchema, type Metrics } from '../../../stages/evaluate/metrics-file.ts';
import { run } from '../../../stages/evaluate/run.ts';
import { memoryContext } from './memory.ts';

/** What one run of the stage left behind. */
export interface Report {
  readonly folder: string;
  readonly html: string;
  readonly markdown: string;
  readonly metrics: Metrics;
  readonly figures: readonly string[];
  remove(): Promise<void>;
}

/** Runs the stage on artifacts in memory, into a folder of its own. */
export async function report(
  inputs: {
    readonly split: InputArtifact;
    readonly models: readonly InputArtifact[];
    readonly clips?: InputArtifact;
    readonly audio?: InputArtifact;
  },
  given: Partial<EvaluateParams> = {},
): Promise<Report> {
  const folder = await mkdtemp(path.join(tmpdir(), 'evaluate-'));
  const { split, models, clips, audio } = inputs;
  await run(
    memoryContext(
      params.parse(given),
      { split: [split], models, clips: clips ? [clips] : [], audio: audio ? [audio] : [] },
      folder,
    ),
  );
  const text = (file: string): Promise<string> => readFile(path.join(folder, file), 'utf8');
  return {
    folder,
    html: await text('report.html'),
    markdown: await text('report.md'),
    metrics: metricsSchema.parse(JSON.parse(await text('metrics.json'))),
    figures: (await readdir(path.join(folder, 'figures'))).toSorted(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
