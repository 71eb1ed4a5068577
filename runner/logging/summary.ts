import { existsSync } from 'node:fs';
import { createColors } from 'picocolors';
import type { Event } from '../events.ts';
import { inShort } from '../plan/explain.ts';
import { duration } from './duration.ts';
import { cut } from './fit.ts';
import type { LoggerOptions } from './logger.ts';
import type { RunProgress } from './run-progress.ts';

/** Reasons of a group beyond this many lines are for `explain`. */
const mostGroups = 12;

export interface SummaryOptions extends LoggerOptions {
  readonly colour: boolean;
  /** Columns a line may take; undefined for no limit. */
  readonly width: number | undefined;
}

/** What a run came to: how long it took, what ran and why, what was cached, what failed, where the report lies. */
export function summary(
  event: Extract<Event, { type: 'run-finished' }>,
  progress: RunProgress,
  options: SummaryOptions,
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
  if (!options.quiet) {
    const detail = (text: string): string =>
      options.verbose || options.width === undefined ? text : cut(text, options.width);
    const together = (names: readonly string[]): string =>
      collapsed(names, [...progress.states.keys()]).join(', ');
    lines.push(
      ...ranGroups(ran, progress).map(([why, names]) =>
        colours.dim(detail(`  ran: ${together(names)} (${why})`)),
      ),
    );
    if (ran.length > 0 && cached.length > 0) lines.push(colours.dim(detail(`  cached: ${together(cached)}`)));
    if (failed.length > 0) lines.push(colours.red(detail(`  failed: ${together(failed)}`)));
    if (skipped.length > 0) {
      const because = event.interrupted ? '' : ` (${inShort(causesOf(skipped, progress))})`;
      lines.push(colours.dim(detail(`  skipped: ${together(skipped)}${because}`)));
    }
  }
  if (event.ok) {
    const reports = [...ran, ...cached]
      .map((stage) => options.reportOf(stage))
      .filter((path) => existsSync(path));
    lines.push(...reports.map((path) => `report: ${path}`));
  }
  return lines.join('\n');
}

/** What kept stages from running, but that others were kept too. */
function causesOf(skipped: readonly string[], progress: RunProgress): string[] {
  const causes = new Set(skipped.flatMap((stage) => progress.skipped.get(stage) ?? []));
  const followed = new Set(skipped.map((stage) => `${stage} gave no artifact`));
  return [...causes].filter((cause) => !followed.has(cause));
}

/** The stages that ran, those with the same reason together. */
function ranGroups(ran: readonly string[], { reasons }: RunProgress): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const stage of ran) {
    const why = inShort(reasons.get(stage) ?? []);
    groups.set(why, [...(groups.get(why) ?? []), stage]);
  }
  const all = [...groups];
  if (all.length <= mostGroups) return all;
  const rest = all.slice(mostGroups - 1).flatMap(([, names]) => names);
  return [...all.slice(0, mostGroups - 1), ['for other reasons: pipeline runs --json has them', rest]];
}

/** Names of instances, where all of a matrix are among them as one: `train[*]`. */
function collapsed(names: readonly string[], all: readonly string[]): string[] {
  const stageOf = (name: string): string => name.replace(/\[.*\]$/, '');
  const given = new Set(names);
  const whole = (stage: string): boolean => {
    const instances = all.filter((name) => stageOf(name) === stage && name !== stage);
    return instances.length > 1 && instances.every((name) => given.has(name));
  };
  return [...new Set(names.map((name) => (whole(stageOf(name)) ? `${stageOf(name)}[*]` : name)))];
}
