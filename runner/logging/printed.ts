import { readFileSync } from 'node:fs';
import { createColors } from 'picocolors';
import type { Event } from '../events.ts';
import type { LoggerOptions } from './logger.ts';

/** With --verbose, all that a stage printed, once it is over; undefined where it printed nothing. */
export function printedBy(
  event: Event,
  run: string | undefined,
  options: LoggerOptions & { readonly colour: boolean },
): string | undefined {
  if (!options.verbose || (event.type !== 'stage-finished' && event.type !== 'stage-failed'))
    return undefined;
  const path =
    event.type === 'stage-failed'
      ? event.log
      : run === undefined
        ? undefined
        : options.logOf(run, event.stage);
  const text = path === undefined ? '' : readText(path).trimEnd();
  if (text === '') return undefined;
  const { dim } = createColors(options.colour);
  return text
    .split('\n')
    .map((line) => dim(`${event.stage} | ${line}`))
    .join('\n');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A stage that printed nothing may have no log.
    return '';
  }
}
