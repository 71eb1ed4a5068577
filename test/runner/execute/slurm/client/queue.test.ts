import { describe, expect, it } from '@jest/globals';
import { type QueuedJob, isAlive, parseQueue } from '../../../../../runner/execute/slurm/client/queue.ts';
import { deadJob, QueueView, tasksIn } from '../../../../../runner/execute/slurm/client/queue-view.ts';

/** As Slurm 22.05 prints them. */
const printed = `5|N/A|FAILED|n2|JobLaunchFailure
2|3-5%3|PENDING||JobArrayTaskLimit
3|N/A|PENDING||Dependency
2|0|RUNNING|n1|None
2|1|COMPLETED|n1|None
`;
const [failed, waiting, dependent, running, completed] = parseQueue(printed);
const ofTask = (task: string, state: string, node = '', reason = 'None'): QueuedJob => ({
  job: '2',
  task,
  state,
  node,
  reason,
});

describe('what Slurm says of jobs', () => {
  it('is read, of tasks and of single jobs', () => {
    expect(failed).toEqual({ job: '5', state: 'FAILED', node: 'n2', reason: 'JobLaunchFailure' });
    expect(waiting).toEqual({
      job: '2',
      task: '3-5%3',
      state: 'PENDING',
      node: '',
      reason: 'JobArrayTaskLimit',
    });
    expect(parseQueue('')).toEqual([]);
    expect([failed, waiting, dependent, running, completed].map(isAlive)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('names tasks in short', () => {
    expect(tasksIn('1,3-5%2')).toEqual([1, 3, 4, 5]);
    expect(tasksIn('0-6:3')).toEqual([0, 3, 6]);
    expect(tasksIn('7,...')).toEqual([7]);
  });

  it('tells of tasks that were lost with their node, once', () => {
    const view = new QueueView();
    expect(view.take([ofTask('3', 'RUNNING', 'n1'), ofTask('4', 'RUNNING', 'n2')])).toEqual([]);
    const lost = [ofTask('3,5-9', 'PENDING', '', 'BeginTime'), ofTask('4', 'RUNNING', 'n2')];
    expect(view.take(lost)).toEqual([
      'job 2_3 was lost on n1; Slurm queues it again, and its finished rows are kept',
    ]);
    expect(view.take(lost)).toEqual([]);
    // It came and went between two looks.
    expect(view.take([ofTask('4', 'RUNNING', 'n1')])).toEqual([
      'job 2_4 was lost on n2; Slurm queues it again, and its finished rows are kept',
    ]);
  });

  it('tells of what may never come, once it has been seen twice', () => {
    const view = new QueueView();
    const held = [ofTask('0-9', 'PENDING', '', 'PartitionDown'), dependent];
    expect(view.take(held)).toEqual([]);
    expect(view.take(held)).toEqual(["waits in Slurm's queue: PartitionDown"]);
    expect(view.take(held)).toEqual([]);
  });

  it('tells which job will not succeed: the one that failed, not what hung on it', () => {
    const hanging: QueuedJob = { job: '3', state: 'CANCELLED', node: '', reason: 'DependencyNeverSatisfied' };
    expect(deadJob([completed, waiting, running])).toBeUndefined();
    expect(deadJob([hanging, completed, failed])).toBe(failed);
    expect(deadJob([hanging, completed])).toBe(hanging);
    const held = ofTask('3', 'PENDING', '', 'launch failed requeued held');
    expect(deadJob([running, held])).toBe(held);
  });
});
