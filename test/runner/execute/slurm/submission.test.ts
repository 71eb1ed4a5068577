import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { StageRecords } from '../../../../runner/execute/slurm/client/stage-records.ts';
import {
  folderOfStage,
  Submission,
  type Submitted,
  type SubmittedStage,
  wholeStage,
} from '../../../../runner/execute/slurm/submission.ts';
import { useTemporaryFolder } from '../../../support/temporary-folder.ts';

const stage: SubmittedStage = {
  name: 'train[cnn]',
  folder: folderOfStage(2, 'train[cnn]'),
  needs: [],
  rows: true,
  tasks: 2,
  retries: 0,
};
const submitted: Submitted = {
  format: 1,
  plan: 'plan',
  cache: { name: 'x', place: { type: 'folder', folder: 'x' }, write: true, timeoutSeconds: 20 },
  scratch: 'scratch',
  given: {},
  stages: [stage],
};

describe('a submission', () => {
  const folder = useTemporaryFolder();
  const { signal } = new AbortController();

  it('has a folder for each stage, under names that Slurm takes for themselves', () => {
    expect(folderOfStage(0, 'mfcc')).toBe('1-mfcc');
    expect(folderOfStage(7, 'train[cnn,mfcc]')).toBe('8-train-cnn,mfcc-');
    fc.assert(
      fc.property(fc.string(), fc.nat(), (name, at) => {
        expect(folderOfStage(at, name)).toMatch(/^\d+-[\w.=,+-]*$/);
      }),
    );
    const submission = new Submission('/lab/50%/x');
    expect(submission.logPattern(stage, 'rows')).toBe('/lab/50%%/x/logs/3-train-cnn--rows-%a.log');
    expect(submission.logOf(stage, '4')).toBe('/lab/50%/x/logs/3-train-cnn--rows-4.log');
    expect(submission.logPattern(stage, 'stage')).toBe('/lab/50%%/x/logs/3-train-cnn-.log');
    expect(submission.logOf(stage, wholeStage)).toBe('/lab/50%/x/logs/3-train-cnn-.log');
  });

  it('fixes the rows of a stage once, though many tasks find them at the same time', async () => {
    const submission = new Submission(folder.file('s'));
    await submission.write(submitted);
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        submission.agreeOnRows(stage, { total: 100, missing: 100 - at, list: String(at) }, signal),
      ),
    );
    expect(new Set(found.map(({ list }) => list)).size).toBe(1);
    expect(submission.rows(stage)).toEqual(found[0]);
    expect(readdirSync(folder.file(`s/${stage.folder}`))).toEqual(['rows.json']);
  });

  it('tells how far a stage is, by all its tasks, and each failure once', async () => {
    const submission = new Submission(folder.file('s'));
    await submission.write(submitted);
    const records = new StageRecords(submission, stage);
    expect([records.begun, records.progress(), records.newFailures()]).toEqual([false, undefined, []]);
    await submission.agreeOnRows(stage, { total: 100, missing: 40, list: 'list' }, signal);
    expect(records.begun).toBe(true);
    expect(records.progress()).toEqual({ done: 60, total: 100, unit: 'rows' });
    await submission.writeProgress(stage, '0', { done: 20, total: 20, unit: 'rows' });
    await submission.writeProgress(stage, '1', { done: 5, total: 20, unit: 'rows' });
    await submission.writeProgress(stage, wholeStage, { done: 3, total: 100, unit: 'rows' });
    expect(records.progress()).toEqual({ done: 85, total: 100, unit: 'rows' });
    const failed = { stage: stage.name, worker: 'job 1', failures: [{ message: 'no' }], output: [] };
    await submission.writeFailure(stage, '1', { ...failed, attempt: 1, retrying: true });
    await submission.writeFailure(stage, '1', { ...failed, attempt: 2, retrying: false });
    expect(records.newFailures().map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(records.newFailures()).toEqual([]);
  });

  it('is nothing where it has been removed', () => {
    const submission = new Submission(folder.file('gone'));
    expect([submission.read(), submission.result(stage), submission.names(stage)]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    expect(submission.readJobs()).toEqual(new Map());
  });
});
