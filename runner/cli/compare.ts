import { compareRuns, type Comparison } from '../record/compare.ts';
import { comparedRun, namedRun } from '../record/named-run.ts';
import type { Command } from './command.ts';
import { comparedFigures } from './compared-figures.ts';
import { openWorkspaceOf, unwrap } from './context.ts';

export interface CompareArguments {
  readonly file: string;
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
  readonly all: boolean;
}

export const compare: Command<CompareArguments> = {
  command: 'compare <a> <b>',
  describe: 'What differed between two runs in params, code and metrics',
  examples: [
    ['compare latest~1 latest', 'the last run beside the one before'],
    ['compare latest~1 latest --all', 'with the figures of each emotion and each speaker'],
  ],
  builder: (yargs) =>
    yargs
      .positional('a', { type: 'string', demandOption: true, describe: 'A run, latest, or latest~N' })
      .positional('b', { type: 'string', demandOption: true, describe: 'Another' })
      .option('file', { alias: 'f', type: 'string', default: 'pipeline.yaml', describe: 'The pipeline' })
      .option('all', { type: 'boolean', default: false, describe: 'Figures of parts of a result too' })
      .option('json', { type: 'boolean', default: false, describe: 'As JSON' }),
  async handler(args, terminal) {
    const workspace = openWorkspaceOf(args);
    const records = workspace.runs.list();
    const [a, b] = [args.a, args.b].map((name) => comparedRun(workspace, unwrap(namedRun(records, name))));
    const comparison = await compareRuns(a, b);
    terminal.stdout(args.json ? `${JSON.stringify(comparison, null, 2)}\n` : format(comparison, args.all));
    return 0;
  },
};

function format({ stages, metrics }: Comparison, all: boolean): string {
  if (stages.length === 0 && metrics.length === 0) return 'the runs are the same\n';
  const lines: string[] = [];
  for (const { stage, only, changes, sameResult } of stages) {
    if (only !== undefined) lines.push(`${stage}: only in run ${only}`);
    else {
      const what = changes.length === 0 ? 'differs' : changes.join('; ');
      lines.push(`${stage}: ${what}${sameResult ? '; same result' : ''}`);
    }
  }
  lines.push(...comparedFigures(metrics, all));
  return `${lines.join('\n')}\n`;
}
