import type { Argv } from 'yargs';
import type { Asked } from './asked.ts';
import { candidates } from './candidates.ts';

/**
 * The words that may stand at the end of a command line, one a line. In bash, which replaces only what stands behind
 * the last `=` of a word, without what stands before.
 */
export async function complete({ shell, words, forYargs }: Asked, parser: Argv): Promise<string> {
  const current = words.at(-1) ?? '';
  const all = (await candidates(words)) ?? (await commandsAndOptions(parser, forYargs));
  const fitting = all.filter((word) => word.startsWith(current));
  const replaced = shell === 'bash' ? current.lastIndexOf('=') + 1 : 0;
  return fitting.map((word) => `${word.slice(replaced)}\n`).join('');
}

/** As yargs knows them. */
async function commandsAndOptions(parser: Argv, words: string[]): Promise<readonly string[]> {
  // With another shell in mind yargs would add descriptions.
  process.env.SHELL = 'bash';
  parser.completion('completions-of-yargs', false);
  let found = '';
  await parser.parse(words, {}, (_error, _args, output) => {
    // Called once more, without anything, for the command whose options these are.
    if (output !== '') found = output;
  });
  return found.split('\n');
}
