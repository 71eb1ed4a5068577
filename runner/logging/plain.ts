import { lineOf } from './lines.ts';
import type { Logger, LoggerOptions, LogOutput } from './logger.ts';
import { printedBy } from './printed.ts';
import { RunProgress } from './run-progress.ts';
import { summary } from './summary.ts';

const signOfLifeMilliseconds = 10_000;

/** Plain lines on stderr, for logs and pipes: nothing is rewritten, long stages give a sign of life now and then. */
export function plainLogger(
  output: LogOutput,
  options: LoggerOptions,
  clock: () => number = () => performance.now(),
): Logger {
  const progress = new RunProgress();
  const styled = { ...options, colour: output.colour };
  const lastSign = new Map<string, number>();
  const always = new Set(['waiting', 'notice', 'stage-failed']);
  const print = (text: string | undefined): void => {
    if (text !== undefined) output.stderr(`${text}\n`);
  };
  return {
    log(event) {
      const now = clock();
      progress.follow(event, now);
      if (event.type === 'run-finished') {
        print(summary(event, progress, { ...styled, width: undefined }));
      } else if (event.type === 'stage-progress') {
        const last = lastSign.get(event.stage);
        if (last === undefined) lastSign.set(event.stage, now);
        if (options.quiet || last === undefined || now - last < signOfLifeMilliseconds) return;
        lastSign.set(event.stage, now);
        print(`${event.stage}: ${event.done} of ${event.total} ${event.unit}`);
      } else if (!options.quiet || always.has(event.type)) {
        print(printedBy(event, progress.run, styled));
        print(lineOf(event, styled));
      }
    },
    close: () => undefined,
  };
}
