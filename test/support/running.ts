import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Project } from './rig.ts';

/** A command under way, with what it has printed so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
}

export function start(project: Project, args: readonly string[]): Running {
  const child = project.start(args);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  child.stderr.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, printed: () => text, ended };
}
