import { execFile } from 'node:child_process';

let strict: Promise<readonly string[]> | undefined;

/**
 * The words in front of a command that make it run: those of the stage, or those of a shell in which a command fails when
 * one of its lines does.
 */
export function shellFor(chosen: readonly string[] | undefined): Promise<readonly string[]> {
  if (chosen !== undefined) return Promise.resolve(chosen);
  strict ??= strictShell();
  return strict;
}

/** Some systems' sh does not know `pipefail`, without which only the last command of `a | b` can fail. */
async function strictShell(): Promise<readonly string[]> {
  for (const shell of ['/bin/sh', 'bash']) {
    const words = [shell, '-e', '-o', 'pipefail', '-c'];
    if (await succeeds([...words, ':'])) return words;
  }
  return ['/bin/sh', '-e', '-c'];
}

function succeeds([command, ...args]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(command, args, (error) => {
      resolve(error === null);
    });
  });
}
