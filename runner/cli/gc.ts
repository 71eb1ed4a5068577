import type { Argv } from 'yargs';
import { relative } from 'node:path';
import { PipelineError } from '../errors.ts';
import { collect, type GcPlan, planGc } from '../maintain/gc.ts';
import type { Command } from './command.ts';
import { confirmed } from './confirmed.ts';
import { openWorkspaceOf } from './context.ts';
import { formatSize } from '../logging/size.ts';
import { parseAge, parseSize } from './quantity.ts';
import { withLock } from './with-lock.ts';

export interface GcArguments {
  readonly file: string;
  readonly keepRuns: number;
  readonly olderThan: string | undefined;
  readonly maxSize: string | undefined;
  readonly cache: string | undefined;
  readonly yes: boolean;
}

export const gc: Command<GcArguments> = {
  command: 'gc',
  describe: 'List, then delete what no run within the limits needs',
  examples: [
    ['gc --keep-runs 5', 'what only older runs than the last five used'],
    ['gc --max-size 20GB --yes', 'keep the newest runs that fit into 20 GB, without asking'],
    ['gc --cache s3://bucket/prefix --older-than 90d', 'of a shared cache, what is older than 90 days'],
  ],
  ending: () => 'in order',
  builder: (yargs) =>
    yargs
      .option('file', { alias: 'f', type: 'string', default: 'pipeline.yaml', describe: 'The pipeline' })
      .option('keep-runs', { type: 'number', default: 20, describe: 'Keep what the last N runs used' })
      .option('older-than', { type: 'string', describe: 'Let go of runs older than this, e.g. 30d' })
      .option('max-size', { type: 'string', describe: 'Keep the newest runs that fit, e.g. 20GB' })
      .option('cache', {
        type: 'string',
        describe:
          'Of this shared cache, which is never touched without being named, rather than of the local one',
      })
      .option('yes', {
        alias: 'y',
        type: 'boolean',
        default: false,
        describe: 'Delete without asking',
      })
      .check(({ keepRuns }) => {
        if (Number.isInteger(keepRuns) && (keepRuns as number) >= 1) return true;
        const message = '--keep-runs takes a whole number of at least 1';
        throw new PipelineError([{ message }], 2);
      }) as unknown as Argv<GcArguments>,
  async handler(args, terminal) {
    if (args.cache !== undefined) {
      const { gcShared } = await import('./gc-shared.ts');
      return gcShared({ ...args, cache: args.cache }, terminal);
    }
    const workspace = openWorkspaceOf(args);
    const limits = {
      keepRuns: args.keepRuns,
      olderThanMs: args.olderThan === undefined ? undefined : parseAge(args.olderThan, '--older-than'),
      maxBytes: args.maxSize === undefined ? undefined : parseSize(args.maxSize, '--max-size'),
      now: Date.now(),
    };
    return withLock(workspace, 'gc', terminal, async () => {
      const plan = await planGc(workspace, limits);
      terminal.stdout(list(plan, workspace.folder));
      const { runs, entries, damaged, files, workers } = plan;
      if ([runs, entries, damaged, files, workers].every(({ length }) => length === 0)) return 0;
      if (!args.yes && !(await confirmed(terminal))) {
        terminal.stdout('nothing deleted; delete it with: pipeline gc --yes\n');
        return 0;
      }
      await collect(workspace, plan);
      terminal.stdout(`deleted ${formatSize(plan.bytes)}\n`);
      return 0;
    });
  },
};

function list(plan: GcPlan, folder: string): string {
  const { runs, entries, damaged, files, workers, bytes, keptBytes } = plan;
  const lines = [
    ...runs.map(({ id, command }) => `run ${id}: pipeline ${command}`),
    ...entries.map(
      ({ stage, key, run }) => `artifact of ${stage}, key ${key.slice(0, 12)}, made by run ${run}`,
    ),
    ...damaged.map((key) => `damaged entry of key ${key.slice(0, 12)}`),
    ...[...files, ...workers].map(({ path, size }) => `${relative(folder, path)}  ${formatSize(size)}`),
    `${formatSize(bytes)} can go, ${formatSize(keptBytes)} stay`,
  ];
  return `${lines.join('\n')}\n`;
}
