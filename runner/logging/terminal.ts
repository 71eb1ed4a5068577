import { createColors } from 'picocolors';
import type { Event } from '../events.ts';
import { duration, lineOf } from './lines.ts';
import type { Logger, LoggerOptions, LogOutput } from './logger.ts';

interface Running {
  readonly started: number;
  progress: Extract<Event, { type: 'stage-progress' }> | undefined;
}

const redrawMilliseconds = 100;
/** More running stages than these are counted rather than shown. */
const shown = 8;

/** A live view: a line a stage when it is done, and below them what runs now, redrawn in place. */
export function terminalLogger(output: LogOutput, options: LoggerOptions): Logger {
  const colours = createColors(output.colour);
  const running = new Map<string, Running>();
  let waiting = 0;
  let cached = 0;
  let drawn = 0;

  const erase = (): void => {
    if (drawn > 0) output.stderr(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = (): void => {
    const lines = [...running].slice(0, shown).map(([stage, state]) => runningLine(stage, state));
    if (running.size > shown) lines.push(`… and ${running.size - shown} more`);
    if (running.size > 0)
      lines.push(colours.dim(`${cached} cached, ${running.size} running, ${waiting} waiting`));
    // A line that wraps could not be erased again.
    output.stderr(lines.map((line) => `${cut(line, output.width - 1)}\n`).join(''));
    drawn = lines.length;
  };
  const redraw = (): void => {
    erase();
    draw();
  };
  const timer = setInterval(redraw, redrawMilliseconds);
  timer.unref();

  return {
    log(event) {
      follow(event);
      const line =
        event.type === 'stage-started' ? undefined : lineOf(event, { ...options, colour: output.colour });
      if (line === undefined) return;
      erase();
      output.stderr(`${line}\n`);
      draw();
    },
    close() {
      clearInterval(timer);
      erase();
    },
  };

  function follow(event: Event): void {
    switch (event.type) {
      case 'run-started':
        waiting = event.stages.length;
        break;
      case 'stage-started':
        if (!running.has(event.stage)) waiting -= 1;
        running.set(event.stage, { started: performance.now(), progress: undefined });
        break;
      case 'stage-progress':
        running.get(event.stage)!.progress = event;
        break;
      case 'stage-cached':
        cached += 1;
        waiting -= 1;
        break;
      case 'stage-skipped':
        waiting -= 1;
        break;
      case 'stage-finished':
      case 'stage-failed':
        running.delete(event.stage);
        break;
      case 'run-finished':
        running.clear();
        break;
      default:
    }
  }
}

function runningLine(stage: string, { started, progress }: Running): string {
  const elapsed = performance.now() - started;
  const parts = [stage];
  if (progress !== undefined && progress.total > 0) {
    const { done, total, unit, values } = progress;
    parts.push(bar(done / total), `${done}/${total} ${unit}`);
    for (const [name, value] of Object.entries(values ?? {})) parts.push(`${name} ${value.toPrecision(3)}`);
    if (done > 0 && done < total) parts.push(`${duration((elapsed / done) * (total - done))} left`);
  }
  return `${parts.join('  ')}  ${duration(elapsed)}`;
}

function bar(fraction: number): string {
  const cells = 16;
  const full = Math.round(Math.min(1, fraction) * cells);
  return '━'.repeat(full) + '╌'.repeat(cells - full);
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
