import { describe, expect, it } from '@jest/globals';
import { forgottenJob, lostJob } from '../../../../../runner/execute/slurm/client/lost-job.ts';
import { refusal } from '../../../../../runner/execute/slurm/client/submit.ts';

const kept = 'Rows that are finished are kept: run again.';

describe('why a job ended that said nothing itself', () => {
  it.each([
    [
      'OUT_OF_MEMORY',
      'its job 12_3 ran out of memory on n1',
      'Give the stage more: "resources: {memory: 16GB}".',
    ],
    [
      'TIMEOUT',
      'its job 12_3 reached its time limit on n1',
      'Give it longer, by the stage\'s "timeout:" or by --sbatch-option time=…',
    ],
    ['CANCELLED', 'its job 12_3 was cancelled', kept],
    ['NODE_FAIL', 'its job 12_3 was lost with its node on n1, and not queued again', kept],
    ['FAILED', 'its job 12_3 ended on n1 without saying why', 'Slurm may know more: scontrol show job 12'],
    ['DEADLINE', 'Slurm ended its job 12_3 on n1: DEADLINE (None)', kept],
  ])('%s', (state, message, hint) => {
    const queued = { job: '12', task: '3', state, reason: 'None', node: 'n1' };
    expect(lostJob(queued, { printed: ['something'], workspace: '/lab/ser' })).toEqual({ message, hint });
  });

  it('where its node does not see the workspace', () => {
    const queued = { job: '12', state: 'FAILED', reason: 'JobLaunchFailure', node: 'n1' };
    expect(lostJob(queued, { printed: [], workspace: '/lab/ser' })).toEqual({
      message: 'its job 12 could not be started on n1',
      hint: 'The node must see /lab/ser under that path, and your user must be allowed to write there.',
    });
    const printed = ['the node n1 does not see /opt/node/bin/node'];
    expect(lostJob({ ...queued, reason: 'NonZeroExitCode' }, { printed, workspace: '/lab/ser' })).toEqual({
      message: 'the node n1 does not see /opt/node/bin/node',
      hint: 'All nodes must see the workspace and the product under the same paths.',
    });
  });

  it('where Slurm has forgotten it', () => {
    expect(forgottenJob('12')).toEqual({
      message: 'Slurm knows of its job 12 no more, and it has left no result',
      hint: kept,
    });
  });
});

describe('a job that Slurm refuses', () => {
  /** As Slurm 22.05 words them. */
  it.each([
    [
      'Batch job submission failed: Invalid partition name specified',
      'Name another that is yours to use with --partition; there are: sinfo --summarize',
    ],
    [
      'Batch job submission failed: Invalid account or account/partition combination specified',
      'Name yours with --account; there are: sacctmgr show associations user=$USER',
    ],
    [
      'Batch job submission failed: Invalid qos specification',
      'Name one with --qos; there are: sacctmgr show qos',
    ],
    [
      'Memory specification can not be satisfied; Batch job submission failed: Requested node configuration is not available',
      'No node has what the stage asks for under "resources:"; there are: sinfo --Node --long',
    ],
    [
      'Batch job submission failed: Invalid job array specification',
      'Ask for fewer tasks with --array-tasks.',
    ],
    [
      'Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)',
      'Give the stage a shorter "timeout:", or name another limit with --sbatch-option time=…',
    ],
    [
      "Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
      'Your limits allow no more, or none so large: ask for fewer tasks with --array-tasks, or wait for other jobs.',
    ],
    ['Batch job submission failed: Access denied', 'See what it says itself: sinfo, squeue'],
  ])('%s', (text, hint) => {
    expect(refusal('upper', text)).toEqual({
      message: `Slurm refuses the job of upper: ${text}`,
      stage: 'upper',
      hint,
    });
  });
});
