import type { Problem } from '../errors.ts';
import { plain, type Located } from './located.ts';

/** What a shell's bare name stands for: the options with which a command fails when one of its lines does. */
const strict: Readonly<Record<string, readonly string[]>> = {
  bash: ['-e', '-o', 'pipefail', '-c'],
  zsh: ['-e', '-o', 'pipefail', '-c'],
  ksh: ['-e', '-o', 'pipefail', '-c'],
  sh: ['-e', '-c'],
  dash: ['-e', '-c'],
  python: ['-c'],
  python3: ['-c'],
  node: ['-e'],
  perl: ['-e'],
  ruby: ['-e'],
  Rscript: ['-e'],
};

/** The words that a command is put behind, as in `bash -e -c`; undefined where the stage chooses none. */
export function readShell(node: Located | undefined, problems: Problem[]): readonly string[] | undefined {
  if (node === undefined) return undefined;
  const words =
    node.type === 'list'
      ? node.items.map((item) => String(plain(item)))
      : String(plain(node))
          .split(/\s+/)
          .filter((word) => word !== '');
  const [program = ''] = words;
  if (program === '') {
    problems.push({
      message: 'the shell has no name',
      place: node.place,
      hint: 'name one, as in: shell: bash',
    });
    return undefined;
  }
  if (words.length > 1) return words;
  const options = strict[program.slice(program.lastIndexOf('/') + 1)];
  if (options !== undefined) return [program, ...options];
  problems.push({
    message: `the shell ${program} has no option that makes it take a command`,
    place: node.place,
    hint: `write it after the name, as in: shell: ${program} -c`,
  });
  return undefined;
}
