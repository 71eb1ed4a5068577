import { columnsOf } from './fit.ts';
import { frame } from './frame.ts';
import { lineOf } from './lines.ts';
import type { Logger, LoggerOptions, LogOutput } from './logger.ts';
import { printedBy } from './printed.ts';
import { RunProgress } from './run-progress.ts';
import { summary } from './summary.ts';

const redrawMilliseconds = 200;

/** Moves up by so many lines, to the first column. */
const up = (lines: number): string => `\u001b[${lines}A\r`;
/** Clears all below: whole lines, since some terminals wrap the cleared end of a line when they become narrower. */
const clearBelow = '\u001b[J';

/** A live view: a line a stage when it is done, and below them what runs now, redrawn in place. */
export function terminalLogger(
  output: LogOutput,
  options: LoggerOptions,
  clock: () => number = () => performance.now(),
): Logger {
  const progress = new RunProgress();
  const styled = { ...options, colour: output.colour };
  let drawn: readonly string[] = [];

  /** Lines that the drawn frame takes now: in a window that became narrower, the terminal has wrapped it. */
  const drawnHeight = (): number =>
    drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / output.width)), 0);

  /** Prints lines for good above the frame, and the frame anew, in one piece so that nothing flickers. */
  const show = (lasting: readonly string[]): void => {
    const { width, height, colour } = output;
    const next = frame(progress, { width, height, colour, now: clock() });
    if (lasting.length === 0 && next.join('\n') === drawn.join('\n') && next.length === drawnHeight()) return;
    const lines = [...lasting.flatMap((text) => text.split('\n')), ...next];
    const over = drawn.length > 0 ? `${up(drawnHeight())}${clearBelow}` : '';
    output.stderr(lines.map((line) => `${line}\n`).join(''), over);
    drawn = next;
  };
  const timer = setInterval(() => {
    show([]);
  }, redrawMilliseconds);
  timer.unref();

  return {
    log(event) {
      progress.follow(event, clock());
      const lasting: string[] = [];
      const printed = printedBy(event, progress.run, styled);
      if (printed !== undefined) lasting.push(printed);
      // That a stage runs is seen below; why, at the end.
      const line =
        event.type === 'run-finished'
          ? summary(event, progress, { ...styled, width: output.width - 1 })
          : event.type === 'stage-started' && !options.verbose
            ? undefined
            : lineOf(event, styled);
      if (line !== undefined) lasting.push(line);
      if (lasting.length > 0 || event.type === 'stage-started') show(lasting);
    },
    close() {
      clearInterval(timer);
      progress.running.clear();
      show([]);
    },
  };
}
