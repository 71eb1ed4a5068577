import { readdirSync, readFileSync } from 'node:fs';
import type { Project } from './rig.ts';

/** Every living process that began in a project, by what it was started as: the runner, stages, and what these started. */
export function processesOf(project: Project): { readonly id: number; readonly command: string }[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .filter((id) => read(id, 'environ').includes(`COUNTS=${project.folder}`))
    .map((id) => ({ id, command: read(id, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** The guards of a project's runners, whose environment says nothing: each is a child of its runner. */
export function guardsOf(runner: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .filter((id) => read(id, 'cmdline').includes('\0pipeline-guard\0'))
    .filter((id) => read(id, 'stat').split(') ').at(-1)?.split(' ')[1] === String(runner));
}

/** Whatever a guard has left, which bears its command line: it has a mark of its own. */
export function leftByGuard(guard: number): () => readonly number[] {
  const command = read(guard, 'cmdline');
  return () =>
    readdirSync('/proc')
      .map(Number)
      .filter(Number.isInteger)
      .filter((id) => read(id, 'cmdline') === command);
}

function read(id: number, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

export const onLinux = process.platform === 'linux';
