import { lineOf } from './lines.ts';
import type { Logger, LoggerOptions, LogOutput } from './logger.ts';

/** Plain lines on stderr, for logs and pipes: nothing is rewritten, long stages give a sign of life now and then. */
export function plainLogger(output: LogOutput, options: LoggerOptions): Logger {
  const lastSign = new Map<string, number>();
  const always = new Set(['waiting', 'notice', 'stage-failed', 'run-finished']);
  return {
    log(event) {
      if (event.type === 'stage-progress' && !options.quiet) {
        const now = performance.now();
        const last = lastSign.get(event.stage) ?? now;
        if (!lastSign.has(event.stage)) lastSign.set(event.stage, now);
        if (now - last < signOfLifeMilliseconds) return;
        lastSign.set(event.stage, now);
        output.stderr(`${event.stage}: ${event.done} of ${event.total} ${event.unit}\n`);
        return;
      }
      if (options.quiet && !always.has(event.type)) return;
      const line = lineOf(event, { ...options, colour: output.colour });
      if (line !== undefined) output.stderr(`${line}\n`);
    },
    close: () => undefined,
  };
}

const signOfLifeMilliseconds = 10_000;
