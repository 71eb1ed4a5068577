import { createInterface } from 'node:readline/promises';
import type { Terminal } from './context.ts';

/** Whether the user says yes to a deletion; without a terminal nobody can. */
export async function confirmed(terminal: Terminal): Promise<boolean> {
  if (!terminal.isTTY || !process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await prompt.question('Delete it? [y/N] ', { signal: terminal.signal }));
  } finally {
    prompt.close();
  }
}
