import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandIo, DomainCommand } from '../../runner/kind/index.ts';
import { StageFailure } from '../../runner/kind/index.ts';
import { DEMO_CORPUS, demoCorpus, demoCorpusSize } from '../corpus/demo/index.ts';
import { RAVDESS_ARCHIVE } from '../corpus/ravdess/archive.ts';
import { fetchRavdess, type FetchStep } from '../corpus/ravdess/fetch.ts';
import { megabytes } from '../corpus/transfer/disk-space.ts';
import { ProgressLine } from './support/progress-line.ts';

export interface DataArguments {
  readonly set: 'ravdess' | 'demo';
  readonly dir: string | undefined;
  readonly url: string;
  readonly md5: string;
  readonly keep: boolean;
  readonly speakers: number;
}

const command: DomainCommand<DataArguments> = {
  command: 'data <set> [dir]',
  describe: 'Get recordings: fetch RAVDESS, or write the demo corpus',
  examples: [
    ['data ravdess', 'RAVDESS speech from Zenodo, to data/ravdess'],
    ['data demo data/own', '256 clips of synthetic speech'],
  ],
  builder: (yargs) =>
    yargs
      .positional('set', {
        choices: ['ravdess', 'demo'] as const,
        demandOption: true,
        describe: 'ravdess: 1,440 recordings from Zenodo, 208 MB; demo: a small corpus made here',
      })
      .positional('dir', { type: 'string', describe: 'Where to put it (default: data/<set>)' })
      .option('url', {
        type: 'string',
        default: RAVDESS_ARCHIVE.url,
        describe: 'Another address of the archive',
      })
      .option('md5', { type: 'string', default: RAVDESS_ARCHIVE.md5, describe: 'The MD5 that it must have' })
      .option('keep', {
        type: 'boolean',
        default: false,
        describe: 'Keep the archive after unpacking',
      })
      .option('speakers', {
        type: 'number',
        default: DEMO_CORPUS.speakers,
        describe: 'demo: how many speakers, 1 to 24',
      }),
  handler: (args, io) => (args.set === 'ravdess' ? getRavdess(args, io) : writeDemo(args, io)),
};

export default command;

async function getRavdess(args: DataArguments, io: CommandIo): Promise<number> {
  const folder = args.dir ?? 'data/ravdess';
  const line = new ProgressLine(io);
  let fetched;
  try {
    fetched = await fetchRavdess({
      folder,
      url: args.url,
      md5: args.md5.toLowerCase(),
      keepArchive: args.keep,
      signal: io.signal,
      report: (step) => {
        show(line, step);
      },
    });
  } finally {
    line.finish();
  }
  if (fetched.files !== RAVDESS_ARCHIVE.files)
    io.stderr(`warning: ${fetched.files} recordings, where RAVDESS has ${RAVDESS_ARCHIVE.files}\n`);
  const state = fetched.downloaded ? 'recordings are in' : 'recordings are in, and were before,';
  io.stdout(`${fetched.files.toLocaleString('en')} ${state} ${folder}\n`);
  return 0;
}

function show(line: ProgressLine, step: FetchStep): void {
  if (step.step === 'downloading') {
    const fraction = step.total === undefined ? undefined : step.received / step.total;
    const of = step.total === undefined ? '' : ` of ${megabytes(step.total)}`;
    line.update('downloading RAVDESS', fraction, `${megabytes(step.received)}${of}`);
  } else if (step.step === 'waiting') {
    line.update('waiting', undefined, `${step.reason}; again in ${step.seconds} s`);
  } else if (step.step === 'checking') {
    line.update('checking the archive', undefined, 'MD5');
  } else {
    line.update('unpacking', step.done / step.total, `${step.done} of ${step.total} files`);
  }
}

async function writeDemo(args: DataArguments, io: CommandIo): Promise<number> {
  if (!Number.isInteger(args.speakers) || args.speakers < 1 || args.speakers > 24) {
    io.stderr('--speakers must be a whole number from 1 to 24\n');
    return 2;
  }
  const folder = args.dir ?? 'data/demo';
  const line = new ProgressLine(io);
  const corpus = { ...DEMO_CORPUS, speakers: args.speakers };
  const total = demoCorpusSize(corpus);
  let done = 0;
  try {
    await mkdir(folder, { recursive: true });
    for (const file of demoCorpus(corpus)) {
      io.signal.throwIfAborted();
      await writeFile(join(folder, file.name), file.content);
      done += 1;
      line.update('writing the demo corpus', done / total, `${done} of ${total} clips`);
    }
  } catch (error) {
    io.signal.throwIfAborted();
    throw new StageFailure(`the demo corpus cannot be written: ${String(error)}`, {
      place: folder,
      hint: 'name another folder',
    });
  } finally {
    line.finish();
  }
  io.stdout(`${total} clips are in ${folder}\n`);
  return 0;
}
