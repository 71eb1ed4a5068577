import { rangesAfterProbe } from '../../distributed/shards.ts';
import type { RowRange, RowsToCompute, StageTask } from '../../distributed/tasks.ts';
import { computeRows } from '../../distributed/worker/compute-rows.ts';
import { listRows } from '../../distributed/worker/list-rows.ts';
import { StageOpener } from '../../distributed/worker/open-stage.ts';
import { runWhole } from '../../distributed/worker/run-stage.ts';
import type { Scope } from '../../distributed/worker/scope.ts';
import type { Site } from '../../distributed/worker/site.ts';
import { rowsOfTask } from '../array-size.ts';
import { type Submission, type Submitted, type SubmittedStage, wholeStage } from '../submission.ts';

/** What one job is for. */
export interface Part {
  readonly submission: Submission;
  readonly submitted: Submitted;
  readonly stage: SubmittedStage;
  /** The number of its task, or that it is the whole stage. */
  readonly label: string;
  /** Keys of the artifacts that the stage takes in, by stage. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Computes the rows of a task; or runs a stage, which of a row stage puts together what tasks have computed. */
export async function partOf(site: Site, part: Part, scope: Scope): Promise<void> {
  const { submission, submitted, stage, label } = part;
  const opener = new StageOpener(site);
  const task: StageTask = {
    plan: submitted.plan,
    cache: submitted.cache.name,
    stage: stage.name,
    inputs: part.inputs,
  };
  const rows = stage.rows ? await rowsToCompute(site, opener, task, part, scope) : undefined;
  if (label === wholeStage) {
    const computed = rows === undefined ? {} : { computed: rows.missing };
    const result = rows?.finished ?? (await runWhole(site, opener, { ...task, ...computed }, scope));
    await submission.writeResult(stage, result);
    return;
  }
  const range =
    rows === undefined ? undefined : rangeOf(Number(label), rows.missing, stage, submitted.rowsPerTask);
  // An array is as large as there may be rows, which were not all missing.
  if (rows === undefined || rows.finished !== undefined || range === undefined) return;
  const { list } = rows;
  await computeRows(site, opener, { ...task, ...range, ...(list !== undefined && { list }) }, scope);
}

/** As the first job of the stage found them; a requeued one, and all others, go by that. */
async function rowsToCompute(
  site: Site,
  opener: StageOpener,
  task: StageTask,
  { submission, stage }: Part,
  scope: Scope,
): Promise<RowsToCompute> {
  const known = submission.rows(stage);
  if (known !== undefined) return known;
  return submission.agreeOnRows(stage, await listRows(site, opener, task, scope), scope.signal);
}

function rangeOf(
  number: number,
  missing: number,
  stage: SubmittedStage,
  wanted: number | undefined,
): RowRange | undefined {
  const tasks = stage.tasks ?? 1;
  const rows = rowsOfTask(missing, tasks, wanted);
  return rangesAfterProbe(missing, 0, undefined, { rows, seconds: 1, atMost: tasks })[number];
}
