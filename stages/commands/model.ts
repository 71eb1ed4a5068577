import type { CommandIo, DomainCommand } from '../../runner/kind/index.ts';
import { megabytes } from '../corpus/transfer/disk-space.ts';
import { DTYPES, type Dtype } from '../features/encoder/params.ts';
import { ProgressLine } from './support/progress-line.ts';

export interface ModelArguments {
  readonly action: 'fetch';
  readonly name: string;
  readonly dir: string;
  readonly dtype: Dtype;
  readonly host: string;
}

const command: DomainCommand<ModelArguments> = {
  command: 'model <action> <name>',
  describe: 'Fetch a speech encoder from the Hugging Face hub',
  examples: [['model fetch Xenova/wav2vec2-base', 'to models/wav2vec2-base']],
  builder: (yargs) =>
    yargs
      .positional('action', { choices: ['fetch'] as const, demandOption: true, describe: 'What to do' })
      .positional('name', { type: 'string', demandOption: true, describe: 'As on the hub: owner/name' })
      .option('dir', { type: 'string', default: 'models', describe: 'The folder under which it is laid' })
      .option('dtype', {
        choices: DTYPES,
        default: 'fp32' as const,
        describe: 'Which file of its onnx/ to take',
      })
      .option('host', {
        type: 'string',
        default: 'https://huggingface.co/',
        describe: 'The address of the hub',
      }),
  handler: fetchModel,
};

export default command;

async function fetchModel(args: ModelArguments, io: CommandIo): Promise<number> {
  // Loaded only when needed: transformers.js alone takes as long to load as everything else together.
  const { fetchEncoder } = await import('../features/encoder/fetch.ts');
  const line = new ProgressLine(io);
  const whole = new Set<string>();
  let folder: string;
  try {
    folder = await untilAborted(
      fetchEncoder({
        name: args.name,
        folder: args.dir,
        dtype: args.dtype,
        host: args.host,
        progress: (file, loaded, total) => {
          // What is whole is read again from its place, and told again.
          if (whole.has(file)) return;
          if (loaded === total) whole.add(file);
          const of = total > 0 ? ` of ${megabytes(total)}` : '';
          line.update(file, total > 0 ? loaded / total : undefined, `${megabytes(loaded)}${of}`);
        },
      }),
      io.signal,
    );
  } finally {
    line.finish();
  }
  io.stdout(`${args.name} is in ${folder}: set the param model of a features/encoder stage to it\n`);
  return 0;
}

/** transformers.js cannot be stopped: the command ends, and the process with it. Whole files only are ever in place. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error);
      },
      { once: true },
    );
    work.then(resolve, reject);
  });
}
