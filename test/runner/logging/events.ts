import type { Event } from '../../../runner/events.ts';

/** Events as a run emits them, with what a logger does not read filled in. */
export const started = (...stages: string[]): Event => ({
  type: 'run-started',
  run: 'r1',
  stages,
  leftOut: [],
});

export const runs = (stage: string, ...reasons: string[]): Event => ({
  type: 'stage-started',
  stage,
  key: 'k',
  reasons: reasons.length > 0 ? reasons : ['never ran'],
  attempt: 1,
});

export const at = (
  stage: string,
  done: number,
  total: number,
  unit = 'rows',
  values?: Readonly<Record<string, number>>,
): Event => ({ type: 'stage-progress', stage, done, total, unit, ...(values !== undefined && { values }) });

export const cached = (stage: string): Event => ({ type: 'stage-cached', stage, key: 'k', run: 'r0' });

export const finished = (stage: string, wallMs: number, total?: number): Event => ({
  type: 'stage-finished',
  stage,
  key: 'k',
  artifact: 'a',
  wallMs,
  kept: true,
  ...(total !== undefined && { rows: { total, computed: total, reused: 0 } }),
});

export const failed = (stage: string, message: string): Event => ({
  type: 'stage-failed',
  stage,
  problems: [{ message, stage }],
  output: [],
  log: 'artifacts/.cache/runs/r1/logs/x.log',
  attempt: 1,
  retrying: false,
});

export const over = (more: Partial<Extract<Event, { type: 'run-finished' }>>): Event => ({
  type: 'run-finished',
  ok: true,
  run: 'r1',
  ran: [],
  cached: [],
  failed: [],
  skipped: [],
  interrupted: false,
  wallMs: 12_300,
  ...more,
});
