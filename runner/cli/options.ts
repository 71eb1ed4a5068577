import type { Argv } from 'yargs';

/** What every command that reads pipeline.yaml takes. */
export interface PipelineArguments {
  readonly file: string;
  readonly profile: string | undefined;
  readonly set: string[];
  readonly cache: string | undefined;
  readonly verbose: boolean;
}

export function pipelineOptions<T>(yargs: Argv<T>): Argv<T & PipelineArguments> {
  return yargs
    .option('file', {
      alias: 'f',
      type: 'string',
      default: 'pipeline.yaml',
      describe: 'The pipeline to read',
    })
    .option('profile', { type: 'string', describe: 'A named set of overrides in pipeline.yaml' })
    .option('set', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: 'Override a param: stage.param=value (repeatable)',
    })
    .option('cache', {
      type: 'string',
      describe: 'A cache shared with other machines: s3://bucket/prefix or a folder; none for none',
    })
    .option('verbose', {
      type: 'boolean',
      default: false,
      describe: 'Show stack traces and all that stages print',
    });
}
