import { isAlive, type QueuedJob } from './queue.ts';

/** Reasons to wait that pass by themselves. */
const ordinaryReasons = new Set([
  'None',
  'Dependency',
  'Priority',
  'Resources',
  'JobArrayTaskLimit',
  'BeginTime',
  'Cleaning',
]);

const byDependency = 'DependencyNeverSatisfied';

/** What Slurm's answers, one after the other, tell of a stage's jobs. */
export class QueueView {
  /** Where each job or task was running when it was seen last. */
  readonly #running = new Map<string, string>();
  readonly #told = new Set<string>();
  #waitsFor = new Set<string>();

  /**
   * What is worth saying: that a job was lost and is queued again, and that one waits for what may not come. Each is said
   * once.
   */
  take(jobs: readonly QueuedJob[]): string[] {
    const lost: string[] = [];
    const waitsFor = new Set<string>();
    for (const { job, task, state, node, reason } of jobs) {
      const parts = task === undefined ? [job] : tasksIn(task).map((number) => `${job}_${number}`);
      for (const part of parts) {
        const before = this.#running.get(part);
        const gone = state === 'PENDING' || (state === 'RUNNING' && node !== before);
        if (before !== undefined && gone) {
          lost.push(
            `job ${part} was lost on ${before}; Slurm queues it again, and its finished rows are kept`,
          );
        }
        if (state === 'RUNNING') this.#running.set(part, node);
        else this.#running.delete(part);
      }
      if (state === 'PENDING' && !ordinaryReasons.has(reason)) waitsFor.add(reason);
    }
    // What is there a second time does not pass in a moment.
    const waiting = [...waitsFor].filter((reason) => this.#waitsFor.has(reason) && !this.#told.has(reason));
    for (const reason of waiting) this.#told.add(reason);
    this.#waitsFor = waitsFor;
    return [...lost, ...waiting.map((reason) => `waits in Slurm's queue: ${reason}`)];
  }
}

/** A job of a stage that will not succeed any more; undefined where all may still. */
export function deadJob(jobs: readonly QueuedJob[]): QueuedJob | undefined {
  const dead = jobs.filter(
    (queued) =>
      (!isAlive(queued) && queued.state !== 'COMPLETED') ||
      (queued.state === 'PENDING' && queued.reason.includes('launch failed')),
  );
  // A job that was cancelled for its dependency's sake tells nothing of why.
  return dead.find(({ reason }) => reason !== byDependency) ?? dead[0];
}

const tasksAtMost = 100_000;

/** `1,3-5%2` → 1, 3, 4, 5. Slurm abridges long lists by `...`. */
export function tasksIn(text: string): number[] {
  const numbers: number[] = [];
  for (const part of text.replace(/%.*$/, '').split(',')) {
    const match = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(part);
    if (match === null) continue;
    const [first, last, step] = [Number(match[1]), Number(match[2] ?? match[1]), Number(match[3] ?? 1)];
    for (let at = first; at <= last && numbers.length < tasksAtMost; at += step) numbers.push(at);
  }
  return numbers;
}
