import { verifyCache } from '../maintain/verify.ts';
import type { Command } from './command.ts';
import { openWorkspaceOf } from './context.ts';
import { formatSize } from '../logging/size.ts';
import { withLock } from './with-lock.ts';

export interface VerifyArguments {
  readonly file: string;
}

export const verify: Command<VerifyArguments> = {
  command: 'verify',
  describe: 'Re-hash every artifact of the cache',
  examples: [['verify', 'find files that a disk or a hand has changed']],
  builder: (yargs) =>
    yargs.option('file', { alias: 'f', type: 'string', default: 'pipeline.yaml', describe: 'The pipeline' }),
  handler(args, terminal) {
    const workspace = openWorkspaceOf(args);
    return withLock(workspace, 'verify', terminal, async () => {
      const { entries, files, bytes, damage } = await verifyCache(workspace);
      for (const { stage, file, reason } of damage) {
        terminal.stderr(
          `${stage === undefined ? '' : `${stage}: `}${file} ${reason === 'missing' ? 'is missing' : 'was changed'}; the next run makes it again\n`,
        );
      }
      terminal.stdout(
        `${files} files of ${entries} artifacts, ${formatSize(bytes)}: ${damage.length} damaged\n`,
      );
      return damage.length === 0 ? 0 : 1;
    });
  },
};
