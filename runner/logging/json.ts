import type { Logger, LogOutput } from './logger.ts';

/** One JSON object a line on stdout. */
export function jsonLogger(output: LogOutput): Logger {
  return {
    log(event) {
      output.stdout(`${JSON.stringify(event)}\n`);
    },
    close: () => undefined,
  };
}
