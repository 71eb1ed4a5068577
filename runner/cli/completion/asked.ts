import { askArgument } from './script.ts';
import { wordsOf } from './words.ts';

/** What a shell asks to have completed. */
export interface Asked {
  readonly shell: string;
  /** Those behind the program's name, the last one unfinished. */
  readonly words: readonly string[];
  /** The same as yargs wants to be asked. */
  readonly forYargs: string[];
}

export function askedFor(argv: readonly string[]): Asked | undefined {
  if (argv[0] !== askArgument) return undefined;
  const [, shell = '', line = ''] = argv;
  const words = wordsOf(line).slice(1);
  return { shell, words, forYargs: ['--get-yargs-completions', 'pipeline', ...words] };
}
