import { readFile } from 'node:fs/promises';
import { writeDurably } from '../cache/durable.ts';
import { loadPipeline } from '../config/index.ts';
import type { Emit } from '../events.ts';
import { acquireLock } from '../execute/lock.ts';
import { select } from '../graph/index.ts';
import { figures } from '../record/compare.ts';
import { newRunId } from '../record/runs.ts';
import { runPipeline } from '../session/run.ts';
import type { Workspace } from '../workspace.ts';
import { putBack, rememberShown } from './put-back.ts';
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
  const commands = new Map<string, readonly string[]>();
  const before = await locked(workspace, options, () => rememberShown(workspace));
  try {
    for (const [at, point] of points.entries()) {
      if (options.signal.aborted) break;
      options.onPoint(at, point);
      results.push(await runPoint(workspace, point, options, commands));
    }
  } finally {
    // An interruption has been heeded by now.
    const signal = new AbortController().signal;
    if (commands.size > 0) {
      await locked(workspace, { ...options, signal }, () =>
        putBack(workspace, before, commands, options.emit),
      );
    }
  }
  return results;
}

/** Does something to what is shown that no run may be at work on meanwhile. */
async function locked<T>(
  workspace: Workspace,
  { command, signal, emit }: Pick<SweepOptions, 'command' | 'signal' | 'emit'>,
  work: () => T | Promise<T>,
): Promise<T> {
  const now = new Date();
  const lock = await acquireLock(
    workspace.lockPath,
    { run: newRunId(now), command, since: now.toISOString() },
    {
      signal,
      onWait: (holder) => {
        emit({ type: 'waiting', holder });
      },
    },
  );
  try {
    workspace.view.reload();
    workspace.outs.reload();
    return await work();
  } finally {
    lock.release();
  }
}

async function runPoint(
  workspace: Workspace,
  point: SweepPoint,
  options: SweepOptions,
  commands: Map<string, readonly string[]>,
): Promise<SweepResult> {
  const { file, profile } = options;
  const failed = (problem: string): SweepResult => ({ point, ok: false, figures: {}, problem });
  const pipeline = await loadPipeline({ file, profile, set: point.sets, kinds: workspace.kinds });
  if (!pipeline.ok) return failed(pipeline.problems[0].message);
  const selection = select(pipeline.value, { targets: options.targets });
  if (!selection.ok) return failed(selection.problems[0].message);
  for (const { name, uses } of pipeline.value.instances) {
    if (uses.type === 'command' && selection.value.run.includes(name)) commands.set(name, uses.outs);
  }
  let problem = 'interrupted';
  const summary = await runPipeline(workspace, pipeline.value, selection.value, {
    jobs: options.jobs,
    force: false,
    keepRows: false,
    keepGoing: false,
    allowStale: false,
    adopt: false,
    forcedBy: undefined,
    // `artifacts/` and pipeline.lock go on showing the pipeline as it is written, not some point of a sweep.
    publish: commands.size > 0 && 'commands',
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
