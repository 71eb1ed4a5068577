import type { Command } from './command.ts';
import { completionScript, type Shell, shells } from './completion/script.ts';

export interface CompletionArguments {
  readonly shell: Shell;
}

export const completion: Command<CompletionArguments> = {
  command: 'completion <shell>',
  describe: 'Print what makes a shell complete commands, options, stages, profiles and params',
  examples: [
    ['completion bash >> ~/.bashrc', 'for every bash from now on'],
    ['completion zsh >> ~/.zshrc', 'for every zsh'],
  ],
  builder: (yargs) =>
    yargs.positional('shell', { choices: shells, demandOption: true, describe: 'Which shell' }),
  handler({ shell }, terminal) {
    terminal.stdout(completionScript(shell));
    return Promise.resolve(0);
  },
};
