export interface PredictArguments {
  readonly audio: string[];
  readonly model: string | undefined;
  readonly from: string | undefined;
  readonly json: boolean;
  readonly file: string;
  readonly verbose: boolean;
}

/** What `-` is spelled as for yargs, which drops it, and as it is called by the system. */
export const standardInput = '/dev/stdin';

/** The command line with `-` spelled out where it stands for a recording. */
export function withInputSpelled(argv: readonly string[]): string[] {
  return argv.map((argument) => (argv[0] === 'predict' && argument === '-' ? standardInput : argument));
}
