import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../runner/events.ts';
import { countStates, ended, follow, type LiveRun, newRun } from '../../../runner/ui/model/live-run.ts';
import type { PlannedStage } from '../../../runner/ui/model/plan.ts';
import { shownStage } from '../../../runner/ui/model/shown-stage.ts';

const told = (...events: Event[]): LiveRun =>
  events.reduce((run, event, at) => follow(run, { at, event }), newRun('r', { own: true }, 0));

const started: Event = { type: 'run-started', run: 'r', stages: ['mfcc', 'train', 'evaluate'], leftOut: [] };
const mfccStarts = (attempt = 1): Event => ({
  type: 'stage-started',
  stage: 'mfcc',
  key: 'k',
  reasons: ['never ran'],
  attempt,
});
const mfccFails = (retrying: boolean): Event => ({
  type: 'stage-failed',
  stage: 'mfcc',
  problems: [{ message: 'no sound', place: { file: 'a.wav', line: 2, column: 3 }, hint: 'record it again' }],
  output: ['last words'],
  log: 'x.log',
  attempt: 1,
  retrying,
});
const mfccEnds: Event = {
  type: 'stage-finished',
  stage: 'mfcc',
  key: 'k',
  artifact: 'd',
  wallMs: 1,
  kept: true,
  rows: { total: 3, computed: 1, reused: 2 },
};

describe('a run as its events tell it', () => {
  it('has every stage waiting at first, then each as it stands, with its times', () => {
    const run = told(started, mfccStarts(), mfccEnds, {
      type: 'stage-cached',
      stage: 'train',
      key: 'k',
      run: 'q',
    });
    expect(run.stages).toEqual({
      mfcc: {
        state: 'done',
        because: 'never ran',
        startedAt: 1,
        endedAt: 2,
        rows: { total: 3, computed: 1, reused: 2 },
      },
      train: { state: 'cached', because: 'made by run q', endedAt: 3 },
      evaluate: { state: 'waiting' },
    });
    expect(countStates(run)).toMatchObject({ done: 1, cached: 1, waiting: 1, running: 0 });
  });

  it('keeps what failed with place and way out; an attempt more begins afresh', () => {
    const failed = told(started, mfccStarts(), mfccFails(false));
    expect(failed.stages.mfcc).toMatchObject({
      state: 'failed',
      problems: [{ message: 'no sound', place: 'a.wav:2:3', hint: 'record it again' }],
      output: ['last words'],
    });
    expect(told(started, mfccStarts(), mfccFails(true)).stages.mfcc.state).toBe('running');
    const again = told(started, mfccStarts(), mfccFails(true), mfccStarts(2)).stages.mfcc;
    expect(again).toEqual({ state: 'running', because: 'attempt 2; never ran', startedAt: 3 });
  });

  it('ends as it says, and what ran at an end without a word was cut off', () => {
    const end: Event = {
      type: 'run-finished',
      ok: false,
      run: 'r',
      ran: [],
      cached: [],
      failed: ['mfcc'],
      skipped: [],
      interrupted: false,
      wallMs: 9,
    };
    expect(told(started, end).state).toBe('failed');
    expect(told(started, { ...end, interrupted: true }).state).toBe('interrupted');
    expect(told(started, { ...end, ok: true })).toMatchObject({ state: 'done', endedAt: 1 });
    const lost = ended(told(started, mfccStarts()), 'lost', 50);
    expect(lost).toMatchObject({ state: 'lost', endedAt: 50 });
    expect(lost.stages.mfcc).toMatchObject({ state: 'interrupted', endedAt: 50 });
    expect(lost.stages.train.state).toBe('waiting');
  });

  it('passes over events that it does not know', () => {
    const run = told(started);
    expect(follow(run, { at: 9, event: { type: 'novelty' } as unknown as Event })).toBe(run);
  });
});

describe('how a stage is shown', () => {
  const plan = (state: PlannedStage['state']): PlannedStage => ({
    name: 'mfcc',
    kind: 'features/mfcc',
    state,
    sentence: `plan: ${state}`,
    inputs: [],
    params: [],
  });
  const done = { ...told(started, mfccStarts(), mfccEnds), state: 'done' as const };
  const failed = { ...told(started, mfccStarts(), mfccFails(false)), state: 'failed' as const };

  it('is as the run has it while it runs, and as the plan has it otherwise', () => {
    expect(shownStage(plan('stale'), undefined)).toEqual({ state: 'stale', sentence: 'plan: stale' });
    expect(shownStage(plan('stale'), told(started))).toMatchObject({
      state: 'waiting',
      sentence: 'plan: stale',
    });
    expect(shownStage(plan('stale'), told(started, mfccStarts()))).toMatchObject({
      state: 'running',
      sentence: 'never ran',
    });
  });

  it('is done after a run only as long as that is up to date', () => {
    expect(shownStage(plan('cached'), done)).toMatchObject({ state: 'done' });
    expect(shownStage(plan('stale'), done)).toEqual({ state: 'stale', sentence: 'plan: stale' });
  });

  it('is failed with the reason until it is up to date', () => {
    expect(shownStage(plan('stale'), failed)).toMatchObject({ state: 'failed', sentence: 'no sound' });
    expect(shownStage(plan('cached'), failed)).toEqual({ state: 'cached', sentence: 'plan: cached' });
  });
});
