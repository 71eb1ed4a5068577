import { rm } from 'node:fs/promises';
import type { Problem } from '../../../errors.ts';
import type { Event } from '../../../events.ts';
import type { JobFailure, ReusableRows } from '../../job.ts';
import { runStage } from '../../run-stage.ts';
import type { IndexedRow } from '../../row-index.ts';
import type { RunTask, StageResult } from '../tasks.ts';
import { type Segment, Segments } from '../segments.ts';
import { finished, publish, resultOf } from './finished.ts';
import { inputDigests, rowsFrom } from './input-rows.ts';
import { requestsAtOnce } from './list-rows.ts';
import type { OpenStage, StageOpener } from './open-stage.ts';
import type { Scope } from './scope.ts';
import { type Site, threadsFor } from './site.ts';
import { StageFailed } from './stage-failed.ts';

const warningsAtMost = 50;

/** Runs a stage as a local run would; a row stage finds its rows in the segments that shards have left. */
export async function runWhole(
  site: Site,
  opener: StageOpener,
  task: RunTask,
  scope: Scope,
): Promise<StageResult> {
  const { signal } = scope;
  const stage = await opener.open(task, signal);
  const { resolved } = stage;
  const found = await finished(site, resolved, signal);
  if (found !== undefined) return found;
  const warnings: string[] = [];
  const emit = (event: Event): void => {
    if (event.type === 'stage-progress') scope.progress(event);
    else if (event.type === 'stage-warning') warnings.push(event.message);
  };
  const { workspace, run } = site;
  const brought = task.computed === undefined ? undefined : await bringSegments(site, stage, signal);
  const outcome = await runStage(workspace, resolved, {
    run,
    threads: threadsFor(site, resolved.instance.resources.cpus),
    inputs: stage.inputs,
    log: workspace.runs.logPath(run, resolved.instance.name),
    ...(brought !== undefined && { segments: brought.sources }),
    signal,
    followed: () => false,
    emit,
  });
  for (const { table, index } of brought?.sources ?? []) {
    await rm(table, { force: true });
    await rm(index, { force: true });
  }
  if (outcome.type === 'interrupted') throw new Error('it was interrupted');
  if (outcome.type === 'failed')
    throw new StageFailed(outcome.problems.map(failureOfProblem), outcome.output);
  if (!outcome.kept) throw new Error(`${outcome.changed[0] ?? 'an input'} changed while the stage ran`);
  const entry = await publish(site, outcome.entry, signal);
  // Their rows are in the table now. That they go is tidiness: what stays does no harm.
  await brought?.remove().catch(() => undefined);
  return resultOf(entry, countsOf(outcome.rows, task.computed), warnings.slice(0, warningsAtMost));
}

/** The rows that shards computed count as computed, though this attempt only put them together. */
function countsOf(rows: StageResult['rows'], inShards: number | undefined): StageResult['rows'] {
  if (rows === undefined || inShards === undefined) return rows;
  const computed = Math.max(rows.computed, inShards);
  return { total: rows.total, computed, reused: rows.total - computed };
}

/** Brings the segments that hold rows of a stage. */
async function bringSegments(
  site: Site,
  stage: OpenStage,
  signal: AbortSignal,
): Promise<{ sources: ReusableRows[]; remove: () => Promise<void> }> {
  const digests = new Set(await inputDigests(site.workspace, rowsFrom(stage).entry));
  const missing = new Set(digests);
  const segments = new Segments(site.shared, stage.resolved.rowKey!);
  const sources: ReusableRows[] = [];
  const superseded: Segment[] = [];
  const listed = await segments.list(signal);
  for (let start = 0; start < listed.length; start += requestsAtOnce) {
    const portion = listed.slice(start, start + requestsAtOnce);
    const indexes = await Promise.all(
      portion.map(async (segment) => ({ segment, rows: (await segments.rows(segment, signal)) ?? [] })),
    );
    const useful: { segment: Segment; rows: readonly IndexedRow[] }[] = [];
    for (const { segment, rows } of indexes) {
      if (rows.every(({ input }) => digests.has(input))) superseded.push(segment);
      if (!rows.some(({ input }) => missing.has(input))) continue;
      useful.push({ segment, rows });
      for (const { input } of rows) missing.delete(input);
    }
    const brought = await Promise.all(
      useful.map(({ segment, rows }) => segments.bring(segment, rows, signal)),
    );
    sources.push(...brought.filter((source) => source !== undefined));
  }
  const notes = sources.length === 0 ? undefined : await segments.notes(signal);
  if (notes !== undefined) sources[0] = { ...sources[0], notes };
  return { sources, remove: () => segments.remove(superseded, signal) };
}

function failureOfProblem({ message, place, hint, stack }: Problem): JobFailure {
  return {
    message,
    ...(place !== undefined && { place: place.file }),
    ...(hint !== undefined && { hint }),
    ...(stack !== undefined && { stack }),
  };
}
