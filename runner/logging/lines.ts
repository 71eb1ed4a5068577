import { createColors } from 'picocolors';
import { formatProblem } from '../errors.ts';
import type { Event, RowCounts } from '../events.ts';
import { inShort } from '../plan/explain.ts';
import { duration } from './duration.ts';
import type { LoggerOptions } from './logger.ts';
import { formatSize } from './size.ts';

function rowsText({ total, computed, reused }: RowCounts): string {
  return reused === 0 ? `${total} rows` : `${total} rows, ${computed} computed, ${reused} reused`;
}

/** What is worth a line for good, whatever the kind of terminal, but the end of the run. Undefined for the rest. */
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
      return options.verbose ? colours.dim(`${event.stage}: cached, made by run ${event.run}`) : undefined;
    case 'stage-finished': {
      const rows = event.rows === undefined ? '' : `, ${rowsText(event.rows)}`;
      return colours.green(`${event.stage}: done in ${duration(event.wallMs)}${rows}`);
    }
    case 'stage-failed':
      return failureLines(event, options);
    case 'stage-skipped':
      // After a failure there may be dozens: the summary has them together.
      return options.verbose ? colours.dim(`${event.stage}: skipped, ${event.because}`) : undefined;
    case 'run-finished':
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
  if (event.output.length > 0 && !verbose) {
    lines.push(colours.dim('  its last lines:'), ...event.output.map((line) => colours.dim(`  | ${line}`)));
  }
  lines.push(colours.dim(`  all it printed: ${event.log}`));
  return lines.join('\n');
}
