import { readFile } from 'node:fs/promises';
import { writeDurably } from '../cache/durable.ts';
import { loadPipeline } from '../config/index.ts';
import type { Emit } from '../events.ts';
import { select } from '../graph/index.ts';
import { figures } from '../record/compare.ts';
import { runPipeline } from '../session/run.ts';
import type { Workspace } from '../workspace.ts';
import type { SweepPoint } from './points.ts';
import type { SweepResult } from './results.ts';

export interface SweepOptions {
  readonly file: string;
  readonly profile: string | undefined;
  readonly targets: readonly string[];
  readonly jobs: number | undefined;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  onPoint(at: number, point: SweepPoint): void;
}

/**
 * Runs every point, one after the other; what points have in common comes from the cache. A point that fails is noted
 * and the others go on. What earlier sweeps have done is cached too, so that running one again resumes it.
 */
export async function sweep(
  workspace: Workspace,
  points: readonly SweepPoint[],
  options: SweepOptions,
): Promise<SweepResult[]> {
  const results: SweepResult[] = [];
  for (const [at, point] of points.entries()) {
    if (options.signal.aborted) break;
    options.onPoint(at, point);
    results.push(await runPoint(workspace, point, options));
  }
  return results;
}

async function runPoint(
  workspace: Workspace,
  point: SweepPoint,
  options: SweepOptions,
): Promise<SweepResult> {
  const { file, profile } = options;
  const failed = (problem: string): SweepResult => ({ point, ok: false, figures: {}, problem });
  const pipeline = await loadPipeline({ file, profile, set: point.sets, kinds: workspace.kinds });
  if (!pipeline.ok) return failed(pipeline.problems[0].message);
  const selection = select(pipeline.value, { targets: options.targets });
  if (!selection.ok) return failed(selection.problems[0].message);
  let problem = 'interrupted';
  const summary = await runPipeline(workspace, pipeline.value, selection.value, {
    jobs: options.jobs,
    force: false,
    keepRows: false,
    keepGoing: false,
    allowStale: false,
    forcedBy: undefined,
    // `artifacts/` and pipeline.lock go on showing the pipeline as it is written, not some point of a sweep.
    publish: pipeline.value.instances.some(({ uses }) => uses.type === 'command'),
    command: options.command,
    signal: options.signal,
    emit: (event) => {
      if (event.type === 'stage-failed')
        problem = `${event.stage}: ${event.problems[0]?.message ?? 'failed'}`;
      options.emit(event);
    },
  });
  if (!summary.ok) return failed(summary.problems[0].message);
  if (!summary.value.ok) return failed(problem);
  const found = new Map<string, number>();
  for (const { manifest } of summary.value.artifacts.values()) {
    const metrics = manifest.files.find(({ name }) => name === 'metrics.json');
    if (metrics === undefined) continue;
    figures(JSON.parse(await readFile(workspace.cache.path(metrics.sha256), 'utf8')), '', found);
  }
  return { point, ok: true, figures: Object.fromEntries(found) };
}

/** Draws a Vega-Lite chart as SVG. */
export async function drawChart(spec: Record<string, unknown>, path: string): Promise<void> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = vegaLite.compile(spec as unknown as Parameters<typeof vegaLite.compile>[0]);
  const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
  await writeDurably(path, await view.toSVG());
}
