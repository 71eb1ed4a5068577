import { join, relative } from 'node:path';
import { writeDurably } from '../cache/durable.ts';
import { loadPipeline } from '../config/index.ts';
import { createLogger } from '../logging/logger.ts';
import { distinctPoints } from '../sweep/distinct.ts';
import { sweepPoints } from '../sweep/points.ts';
import { bestPoint, shownFigures, sweepChart, sweepTable } from '../sweep/results.ts';
import { drawChart, sweep as runSweep } from '../sweep/sweep.ts';
import type { Command } from './command.ts';
import { openWorkspaceOf, unwrap } from './context.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';

export interface SweepArguments extends PipelineArguments {
  readonly stages: string[];
  readonly metric: string[];
  readonly jobs: number | undefined;
}

export const sweep: Command<SweepArguments> = {
  command: 'sweep [stages..]',
  describe: 'Run every combination of listed values; one table and one picture at the end',
  examples: [
    [
      'sweep --set train.learningRate=1e-3,3e-4 --set mfcc.coefficients=13,40',
      'four runs that share what they can',
    ],
  ],
  ending: () => 'in order',
  builder: (yargs) =>
    pipelineOptions(yargs)
      .positional('stages', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Only these and what they need',
      })
      .option('metric', {
        type: 'string',
        array: true,
        nargs: 1,
        default: ['validationAccuracy', 'testAccuracy', 'uar'],
        describe: 'Figures of metrics.json to show, by their last name (repeatable)',
      })
      .option('jobs', { alias: 'j', type: 'number', describe: 'Stages at once' }),
  async handler(args, terminal) {
    const workspace = openWorkspaceOf(args);
    const { points, repeated } = await distinctPoints(unwrap(sweepPoints(args.set)), ({ sets }) =>
      loadPipeline({ file: args.file, profile: args.profile, set: sets, kinds: workspace.kinds }),
    );
    for (const { point, as } of repeated) {
      terminal.stderr(`left out: ${point.sets.join(' ')} is the same as ${as.sets.join(' ')}\n`);
    }
    const logger = createLogger(terminal, {
      format: 'text',
      verbose: args.verbose,
      quiet: false,
      reportOf: () => '',
      logOf: (id, stage) => workspace.runs.logPath(id, stage),
    });
    const results = await runSweep(workspace, points, {
      file: args.file,
      profile: args.profile,
      targets: args.stages,
      jobs: args.jobs,
      command: process.argv.slice(2).join(' '),
      signal: terminal.signal,
      emit: (event) => {
        logger.log(event);
      },
      onPoint: (at, { sets }) => {
        terminal.stderr(`point ${at + 1} of ${points.length}: ${sets.join(' ')}\n`);
      },
    }).finally(() => {
      logger.close();
    });
    const shown = shownFigures(results, args.metric);
    const table = sweepTable(results, shown);
    terminal.stdout(table);
    const best = bestPoint(results);
    const choice = best === null ? '' : `\n${best}\n`;
    terminal.stdout(choice);
    const folder = join(workspace.artifacts, 'sweep');
    await writeDurably(join(folder, 'sweep.json'), `${JSON.stringify(results, null, 2)}\n`);
    await writeDurably(join(folder, 'sweep.md'), `${table}${choice}`);
    await drawChart(sweepChart(results, shown), join(folder, 'sweep.svg'));
    terminal.stdout(`picture: ${relative(process.cwd(), join(folder, 'sweep.svg'))}\n`);
    if (terminal.signal.aborted) return 130;
    return results.every(({ ok }) => ok) ? 0 : 1;
  },
};
