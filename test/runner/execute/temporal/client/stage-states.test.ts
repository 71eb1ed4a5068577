import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HistoryEvent, Payloads } from '@temporalio/client';
import { type StageEnd, StageStates } from '../../../../../runner/execute/temporal/client/stage-states.ts';

const payloads = (value: unknown): Payloads => ({ payloads: [{ data: Buffer.from(JSON.stringify(value)) }] });

describe('what a workflow’s history says of its stages', () => {
  let states: StageStates;
  let events: number;

  beforeEach(() => {
    states = new StageStates(new Map([['mfcc', 1]]));
    events = 0;
  });

  /** An activity is scheduled, and ends by this event. */
  function ends(id: string, attributes: (scheduledEventId: number) => HistoryEvent) {
    const scheduledEventId = ++events;
    states.take({ eventId: scheduledEventId, activityTaskScheduledEventAttributes: { activityId: id } });
    return states.take({ eventId: ++events, ...attributes(scheduledEventId) });
  }
  const completes = (id: string, value: unknown) =>
    ends(id, (scheduledEventId) => ({
      activityTaskCompletedEventAttributes: { scheduledEventId, result: payloads(value) },
    }));
  const fails = (id: string, type: string, details?: unknown) =>
    ends(id, (scheduledEventId) => ({
      activityTaskFailedEventAttributes: {
        scheduledEventId,
        failure: {
          message: 'it failed',
          applicationFailureInfo: { type, ...(details !== undefined && { details: payloads(details) }) },
        },
      },
    }));

  it('counts rows: those there before, those of finished shards, those under way', () => {
    completes('list:0:mfcc', { total: 100, missing: 60 });
    completes('shard:0:mfcc', { rows: 20, computed: 20 });
    const heartbeat = (done: number) => payloads({ done, total: 20, unit: 'rows' });
    const pending = [
      { activityId: 'shard:1000:mfcc', heartbeatDetails: heartbeat(5) },
      { activityId: 'shard:2000:mfcc', heartbeatDetails: heartbeat(2) },
    ];
    expect(states.progress(pending).get('mfcc')).toEqual({ done: 67, total: 100, unit: 'rows' });
  });

  it('passes on what a whole stage says of itself', () => {
    const heartbeat = { done: 3, total: 30, unit: 'epochs', values: { loss: 0.5 } };
    const pending = [{ activityId: 'run:0:train[cnn,mfcc]', heartbeatDetails: payloads(heartbeat) }];
    expect(states.progress(pending).get('train[cnn,mfcc]')).toEqual(heartbeat);
    // A heartbeat before there is any progress carries nothing.
    const silent = [
      { activityId: 'run:0:train', heartbeatDetails: { payloads: [{ data: new Uint8Array() }] } },
    ];
    expect(states.progress(silent).size).toBe(0);
  });

  it('tells the end of a stage by its last activity', () => {
    const result = { key: 'k', artifact: 'a', ran: true, warnings: [] };
    expect(completes('shard:0:mfcc', { rows: 1, computed: 1 })).toBeUndefined();
    expect(completes('run:0:mfcc', result)).toEqual({ stage: 'mfcc', end: { type: 'done', result } });
    expect(completes('list:0:mfcc', { total: 5, missing: 0, finished: result })).toEqual({
      stage: 'mfcc',
      end: { type: 'done', result },
    });
  });

  it('tells a failure that is tried again from the last', () => {
    const details = { stage: 'mfcc', failures: [{ message: 'broken' }], output: ['line'], worker: 'w' };
    const end = (attempt: number, retrying: boolean): StageEnd => ({
      type: 'failed',
      failures: [{ message: 'broken' }],
      output: ['line'],
      attempt,
      retrying,
    });
    expect(fails('shard:3000:mfcc', 'StageFailed', details)?.end).toEqual(end(1, true));
    expect(fails('shard:3001:mfcc', 'StageFailed', details)?.end).toEqual(end(2, false));
    expect(fails('run:0:mfcc', 'Refused', details)?.end).toEqual(end(1, false));
  });

  it('says where workers failed again and again', () => {
    const found = fails('run:0:mfcc', 'WorkerTrouble');
    expect(found?.end).toMatchObject({
      failures: [{ message: 'its workers failed again and again: it failed' }],
      retrying: false,
    });
  });
});
