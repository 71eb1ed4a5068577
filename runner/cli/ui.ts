import { PipelineError } from '../errors.ts';
import type { Command } from './command.ts';
import { openWorkspaceOf, productHome } from './context.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';

export interface UiArguments extends PipelineArguments {
  readonly port: number;
  readonly open: boolean;
}

export const ui: Command<UiArguments> = {
  command: 'ui',
  describe: 'Show the DAG, runs and artifacts live in a page of this machine',
  examples: [
    ['ui --profile demo', 'print the address of a page on the DAG of a profile; end with Ctrl-C'],
    ['ui --open', 'open it in the browser too'],
  ],
  ending: () => 'in order',
  builder: (yargs) =>
    pipelineOptions(yargs)
      .option('port', { type: 'number', default: 0, describe: 'The port; 0 takes one that is free' })
      .option('open', { type: 'boolean', default: false, describe: 'Open the page in the browser' })
      .check(({ port }) => {
        if (Number.isInteger(port) && port >= 0 && port <= 65_535) return true;
        throw new PipelineError([{ message: '--port takes a whole number from 0 to 65535' }], 2);
      }),
  async handler(args, terminal) {
    const { serve } = await import('../ui/serve.ts');
    const { openBrowser } = await import('../ui/open-browser.ts');
    const { file, profile, set } = args;
    await serve({
      source: { open: () => openWorkspaceOf(args), file, profile, set },
      home: productHome(),
      port: args.port,
      signal: terminal.signal,
      onReady(address) {
        terminal.stdout(`${address}\n`);
        terminal.stderr('only for this machine, and for who has the address; end with Ctrl-C\n');
        if (!args.open) return;
        void openBrowser(address).then((opened) => {
          if (!opened) terminal.stderr('no browser could be opened: open the address yourself\n');
        });
      },
    });
    return 0;
  },
};
