import { fewestRows } from '../distributed/shards.ts';

/** What decides how large an array is. */
export interface ArrayLimits {
  /** Tasks at most, as the user says. */
  readonly tasks: number;
  /** Rows of each task, where the user asks for a number. */
  readonly rowsPerTask?: number;
  /** Slurm's `MaxArraySize`: the numbers of tasks are below it. */
  readonly maxArraySize: number;
}

/**
 * Into how many tasks the rows of a stage are divided; 0 where they are so few that the job that puts them together
 * computes them too.
 *
 * @param rows to be computed, or an upper bound of them; undefined where nothing is known of them yet.
 */
export function tasksFor(rows: number | undefined, limits: ArrayLimits): number {
  const { tasks, rowsPerTask, maxArraySize } = limits;
  if (rows === 0) return 0;
  const most = Math.min(rowsPerTask === undefined ? tasks : maxArraySize, maxArraySize);
  if (rows === undefined) return Math.min(tasks, most);
  if (rowsPerTask !== undefined) return Math.min(Math.ceil(rows / rowsPerTask), most);
  return rows <= fewestRows ? 0 : Math.min(Math.ceil(rows / fewestRows), most);
}

/** How many rows each of the tasks takes, so that together they take all that are missing. */
export function rowsOfTask(missing: number, tasks: number, wanted: number | undefined): number {
  return Math.max(wanted ?? fewestRows, Math.ceil(missing / tasks));
}
