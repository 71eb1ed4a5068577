import { readFile } from 'node:fs/promises';
import { closest, distance } from 'fastest-levenshtein';
import { PipelineError } from '../errors.ts';
import { type ComparedRun, compareRuns, type Comparison } from '../record/compare.ts';
import type { Workspace } from '../workspace.ts';
import type { Command } from './command.ts';
import { openWorkspaceOf } from './context.ts';

export interface CompareArguments {
  readonly file: string;
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
}

export const compare: Command<CompareArguments> = {
  command: 'compare <a> <b>',
  describe: 'What differed between two runs in params, code and metrics',
  examples: [['compare latest~1 latest', 'the last run beside the one before']],
  builder: (yargs) =>
    yargs
      .positional('a', { type: 'string', demandOption: true, describe: 'A run, latest, or latest~N' })
      .positional('b', { type: 'string', demandOption: true, describe: 'Another' })
      .option('file', { alias: 'f', type: 'string', default: 'pipeline.yaml', describe: 'The pipeline' })
      .option('json', { type: 'boolean', default: false, describe: 'As JSON' }),
  async handler(args, terminal) {
    const workspace = openWorkspaceOf(args);
    const comparison = await compareRuns(comparedRun(workspace, args.a), comparedRun(workspace, args.b));
    terminal.stdout(args.json ? `${JSON.stringify(comparison, null, 2)}\n` : format(comparison));
    return 0;
  },
};

/** A run by its id, by the start of its id, or counted back from the newest: `latest~2`. */
function comparedRun(workspace: Workspace, name: string): ComparedRun {
  const records = workspace.runs.list();
  const back = /^latest(?:~(\d+))?$/.exec(name);
  const record =
    back === null ? records.find(({ id }) => id.startsWith(name)) : records[Number(back[1] ?? 0)];
  if (record === undefined)
    throw new PipelineError(
      [
        unknownRun(
          name,
          records.map(({ id }) => id),
        ),
      ],
      2,
    );
  return {
    record,
    entry: (key) => workspace.cache.read(key),
    async metrics(entry) {
      const file = entry.manifest.files.find((candidate) => candidate.name === 'metrics.json');
      if (file === undefined) return undefined;
      return JSON.parse(await readFile(workspace.cache.path(file.sha256), 'utf8')) as unknown;
    },
  };
}

function unknownRun(name: string, ids: readonly string[]): { message: string; hint: string } {
  const message = `there is no run ${name}`;
  if (ids.length === 0) return { message, hint: 'There is no run yet: start one with pipeline run.' };
  const near = closest(name, [...ids]);
  return {
    message,
    hint: distance(name, near) <= 4 ? `Did you mean ${near}?` : 'List them with: pipeline runs',
  };
}

function format({ stages, metrics }: Comparison): string {
  if (stages.length === 0 && metrics.length === 0) return 'the runs are the same\n';
  const lines: string[] = [];
  for (const { stage, only, changes, sameResult } of stages) {
    if (only !== undefined) lines.push(`${stage}: only in run ${only}`);
    else {
      const what = changes.length === 0 ? 'differs' : changes.join('; ');
      lines.push(`${stage}: ${what}${sameResult ? '; same result' : ''}`);
    }
  }
  for (const { name, a, b } of metrics) lines.push(`${name}: ${a ?? 'none'} → ${b ?? 'none'}`);
  return `${lines.join('\n')}\n`;
}
