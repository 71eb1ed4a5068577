import { jsonSchema } from '../config/schema.ts';
import type { Kind } from '../kind/index.ts';
import type { Command } from './command.ts';
import { openWorkspaceOf } from './context.ts';

export interface SchemaArguments {
  readonly file: string;
}

export const schema: Command<SchemaArguments> = {
  command: 'schema',
  describe: 'Print the JSON Schema of pipeline.yaml, with the params of every kind',
  examples: [['schema > pipeline.schema.json', 'for an editor that checks and completes pipeline.yaml']],
  builder: (yargs) =>
    yargs.option('file', { alias: 'f', type: 'string', default: 'pipeline.yaml', describe: 'The pipeline' }),
  async handler(args, terminal) {
    const { kinds } = openWorkspaceOf(args);
    const loaded: Kind[] = [];
    for (const name of await kinds.names()) loaded.push((await kinds.load(name))!);
    terminal.stdout(`${JSON.stringify(jsonSchema(loaded), null, 2)}\n`);
    return 0;
  },
};
