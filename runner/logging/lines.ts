import { existsSync } from 'node:fs';
import { createColors } from 'picocolors';
import { formatProblem } from '../errors.ts';
import type { Event, RowCounts } from '../events.ts';
import { inShort } from '../plan/explain.ts';
import type { LoggerOptions } from './logger.ts';
import { formatSize } from './size.ts';

/** `12 ms`, `3.4 s`, `2 min 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

export function rowsText({ total, computed, reused }: RowCounts): string {
  return reused === 0 ? `${total} rows` : `${total} rows, ${computed} computed, ${reused} reused`;
}

/** What is worth a line for good, whatever the kind of terminal. Undefined for the rest. */
export function lineOf(
  event: Event,
  options: LoggerOptions & { readonly colour: boolean },
): string | undefined {
  const colours = createColors(options.colour);
  switch (event.type) {
    case 'run-started':
      return (
        event.leftOut.map(({ name, reason }) => colours.dim(`${name}: left out, ${reason}`)).join('\n') ||
        undefined
      );
    case 'waiting':
      return (
        `waiting for run ${event.holder.run} of process ${event.holder.pid} on ${event.holder.host}, ` +
        `started ${event.holder.since}: pipeline ${event.holder.command}`
      );
    case 'notice':
      return colours.yellow(`${event.stage === undefined ? '' : `${event.stage}: `}${event.message}`);
    case 'stage-started':
      return `${event.stage}: ${event.attempt > 1 ? `attempt ${event.attempt}` : `runs, ${inShort(event.reasons)}`}`;
    case 'stage-warning':
      return colours.yellow(`${event.stage}: ${event.message}`);
    case 'fetching':
      return colours.dim(`${event.stage}: fetched from ${event.from}, ${formatSize(event.bytes)}`);
    case 'sending':
      return colours.dim(
        `sending ${event.artifacts} ${event.artifacts === 1 ? 'artifact' : 'artifacts'} to ${event.to}, ` +
          `${formatSize(event.bytes)}; after Ctrl-C a later run does it`,
      );
    case 'stage-cached':
      return undefined;
    case 'stage-finished': {
      const rows = event.rows === undefined ? '' : `, ${rowsText(event.rows)}`;
      return colours.green(`${event.stage}: done in ${duration(event.wallMs)}${rows}`);
    }
    case 'stage-failed':
      return failureLines(event, options);
    case 'stage-skipped':
      return colours.dim(`${event.stage}: skipped, ${event.because}`);
    case 'run-finished':
      return summaryLines(event, options);
    case 'stage-progress':
      return undefined;
  }
}

function failureLines(
  event: Extract<Event, { type: 'stage-failed' }>,
  { colour, verbose }: LoggerOptions & { readonly colour: boolean },
): string {
  const colours = createColors(colour);
  const lines = [colours.red(`${event.stage}: failed${event.retrying ? ', trying again' : ''}`)];
  for (const problem of event.problems) {
    lines.push(formatProblem(problem, { colour }));
    if (verbose && problem.stack !== undefined) lines.push(problem.stack);
  }
  if (event.output.length > 0) {
    lines.push(colours.dim('  its last lines:'), ...event.output.map((line) => colours.dim(`  | ${line}`)));
  }
  lines.push(colours.dim(`  all it printed: ${event.log}`));
  return lines.join('\n');
}

function summaryLines(
  event: Extract<Event, { type: 'run-finished' }>,
  options: LoggerOptions & { readonly colour: boolean },
): string {
  const { ran, cached, failed, skipped } = event;
  const colours = createColors(options.colour);
  const counts = [
    `${ran.length} ran`,
    `${cached.length} cached`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ].join(', ');
  const head = event.interrupted ? 'interrupted' : event.ok ? 'done' : 'failed';
  const lines = [
    `${event.ok ? colours.green(head) : colours.red(head)} in ${duration(event.wallMs)}: ${counts}`,
  ];
  if (event.ok) {
    const reports = [...ran, ...cached]
      .map((stage) => options.reportOf(stage))
      .filter((path) => existsSync(path));
    lines.push(...reports.map((path) => `report: ${path}`));
  }
  return lines.join('\n');
}
