import { createColors } from 'picocolors';
import { columnsOf, cut, fitted, type Segment } from './fit.ts';
import { duration } from './duration.ts';
import { rateOf, type RunningStage, type RunProgress } from './run-progress.ts';

export interface FrameOptions {
  /** Columns and lines of the terminal. */
  readonly width: number;
  readonly height: number;
  readonly colour: boolean;
  /** Of the clock that the events were followed by, in milliseconds. */
  readonly now: number;
}

/** More running stages than these are counted rather than shown, and never more than a third of the window. */
const mostShown = 8;
const barCells = 16;

/** What the live view shows of a run at one moment: a line a running stage, and one of counts. No line is too long. */
export function frame(progress: RunProgress, options: FrameOptions): string[] {
  if (progress.running.size === 0) return [];
  // A line that fills the last column makes some terminals go to the next.
  const width = Math.max(1, options.width - 1);
  const room = Math.max(1, Math.min(mostShown, Math.floor(options.height / 3)));
  const all = [...progress.running];
  const shown = all.length > room ? all.slice(0, Math.max(1, room - 1)) : all;
  const nameWidth = Math.min(
    Math.max(...shown.map(([stage]) => columnsOf(stage))),
    Math.max(10, Math.floor(width * 0.35)),
  );
  const lines = shown.map(([stage, running]) =>
    fitted([name(stage, nameWidth), ...state(running, options)], width),
  );
  const colours = createColors(options.colour);
  if (shown.length < all.length)
    lines.push(colours.dim(cut(`… and ${all.length - shown.length} more`, width)));
  lines.push(counts(progress, options, width));
  return lines;
}

function name(stage: string, width: number): Segment {
  const text = cut(stage, width);
  return { text: text + ' '.repeat(Math.max(0, width - columnsOf(text))) };
}

function state(running: RunningStage, { colour, now }: FrameOptions): Segment[] {
  const colours = createColors(colour);
  const { progress, started } = running;
  const elapsed = { text: wholeSeconds(now - started), style: colours.dim };
  if (progress === undefined || progress.total <= 0) return [elapsed];
  const { done, total, unit, values } = progress;
  const rate = rateOf(running);
  const left = rate === undefined || done >= total ? undefined : ((total - done) / rate) * 1000;
  return [
    { text: bar(done / total), style: colours.cyan, yields: 3 },
    { text: `${done}/${total} ${unit}` },
    ...Object.entries(values ?? {}).map(([figure, value], at): Segment => ({
      text: `${figure} ${value.toPrecision(3)}`,
      yields: 5 + at,
    })),
    ...(rate === undefined ? [] : [{ text: `${rateText(rate)} ${unit}/s`, style: colours.dim, yields: 2 }]),
    left === undefined
      ? { ...elapsed, yields: 1 }
      : { text: `${wholeSeconds(left)} left`, style: colours.dim, yields: 1 },
  ];
}

function counts(progress: RunProgress, { colour, now }: FrameOptions, width: number): string {
  const { dim } = createColors(colour);
  const [cached, done, failed, skipped] = (['cached', 'done', 'failed', 'skipped'] as const).map((each) =>
    progress.count(each),
  );
  const over = cached + done + failed + skipped;
  return fitted(
    [
      { text: `${over}/${progress.states.size} stages`, style: dim },
      { text: `${cached} cached`, style: dim, yields: 3 },
      ...(failed > 0 ? [{ text: `${failed} failed`, style: createColors(colour).red }] : []),
      { text: `${progress.running.size} running`, style: dim, yields: 1 },
      { text: `${progress.count('waiting')} waiting`, style: dim, yields: 2 },
      { text: wholeSeconds(now - progress.started), style: dim },
    ],
    width,
  );
}

function bar(fraction: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * barCells);
  return '━'.repeat(full) + '╌'.repeat(barCells - full);
}

function rateText(rate: number): string {
  return rate >= 10 ? String(Math.round(rate)) : rate.toPrecision(2);
}

/** Tenths would only flicker. */
function wholeSeconds(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000);
}
