import { spawn, type ChildProcessByStdio, type SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Event } from '../../runner/events.ts';

const launcher = resolve('pipeline');

export interface PipelineResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunResult extends PipelineResult {
  readonly events: readonly Event[];
  readonly ran: readonly string[];
  readonly cached: readonly string[];
  readonly failed: readonly string[];
  /** Rows by row stage that ran. */
  readonly rows: Readonly<Record<string, { total: number; computed: number; reused: number }>>;
  /** Why each stage that ran did. */
  readonly reasons: Readonly<Record<string, readonly string[]>>;
}

/** A temporary project with a pipeline and kinds of its own, on which the real command is run. */
export class Project {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(files: Readonly<Record<string, string>>): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'pipeline-test-')));
    for (const [name, content] of Object.entries(files)) await project.write(name, content);
    return project;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content);
  }

  async edit(name: string, from: string, to: string): Promise<void> {
    const text = await this.read(name);
    if (!text.includes(from)) throw new Error(`${name} has no "${from}" to edit`);
    await this.write(name, text.replace(from, to));
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  async delete(name: string): Promise<void> {
    await rm(this.path(name), { recursive: true });
  }

  /** Puts a package or file of the product's own folder into the project. */
  async link(name: string): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await symlink(resolve(name), this.path(name));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Starts the command and leaves it running. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return spawn(launcher, args, { ...this.#surroundings(env), stdio: ['ignore', 'pipe', 'pipe'] });
  }

  #surroundings(env: Readonly<Record<string, string>>): SpawnOptions {
    const own = { NODE_OPTIONS: '', NO_COLOR: '1', COUNTS: this.path('counts') };
    return { cwd: this.folder, env: { ...process.env, ...own, ...env } };
  }

  pipeline(...args: readonly string[]): Promise<PipelineResult> {
    return this.#ended(this.start(args));
  }

  /** The command with a text as its standard input. */
  piped(input: string, ...args: readonly string[]): Promise<PipelineResult> {
    const child = spawn(launcher, args, { ...this.#surroundings({}), stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(input);
    return this.#ended(child);
  }

  async #ended(child: ChildProcessByStdio<Writable | null, Readable, Readable>): Promise<PipelineResult> {
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((settle) => child.once('close', settle));
    return { code, stdout, stderr };
  }

  /** `pipeline run --json` with its events read. */
  async run(...args: readonly string[]): Promise<RunResult> {
    const result = await this.pipeline('run', '--json', ...args);
    const events = result.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Event);
    const last = events.at(-1);
    const { ran, cached, failed } =
      last?.type === 'run-finished' ? last : { ran: [], cached: [], failed: [] };
    const rows = Object.fromEntries(
      events.flatMap((event) =>
        event.type === 'stage-finished' && event.rows !== undefined ? [[event.stage, event.rows]] : [],
      ),
    );
    const reasons = Object.fromEntries(
      events.flatMap((event) => (event.type === 'stage-started' ? [[event.stage, event.reasons]] : [])),
    );
    return { ...result, events, ran, cached, failed, rows, reasons };
  }

  /** What the stages themselves noted of their executions: a line each, as `COUNTING` below writes them. */
  async executions(): Promise<string[]> {
    if (!existsSync(this.path('counts'))) return [];
    return (await this.read('counts')).split('\n').filter((line) => line !== '');
  }

  async forgetExecutions(): Promise<void> {
    await rm(this.path('counts'), { force: true });
  }
}

/** Source text of kinds for tests: a list of words, functions of its rows, and what reads whole tables. */
export const kinds = {
  /** A source of text files: a row a file, its text as a cell. */
  words: {
    'stages/words/index.ts': `
      import { z } from 'zod';
      import { defineSourceKind } from 'pipeline/kind';
      export default defineSourceKind({
        name: 'words',
        summary: 'Text files',
        params: z.strictObject({ root: z.string().default('data') }),
        files: ({ root }) => [root],
        load: () => import('./words.ts'),
      });`,
    'stages/words/words.ts': `
      import { appendFileSync, readFileSync } from 'node:fs';
      import { StageFailure } from 'pipeline/kind';
      export const list = (files) => ({
        rows: files.filter(({ name }) => name.endsWith('.txt')).map((file) => ({ id: file.name, file })),
        excluded: files.filter(({ name }) => !name.endsWith('.txt')).map(({ name }) => ({ name, reason: 'not a .txt file' })),
        warnings: [],
      });
      export const setup = () => ({
        columns: { text: { type: 'utf8' } },
        run({ id, file }) {
          appendFileSync(process.env.COUNTS, 'words ' + id + '\\n');
          const text = readFileSync(file.path, 'utf8').trim();
          if (text === 'broken') throw new StageFailure('not a word', { hint: 'write another' });
          return { text };
        },
      });`,
  },
  /** A row function with a param and an imported module. */
  upper: {
    'stages/upper/index.ts': `
      import { z } from 'zod';
      import { defineRowKind } from 'pipeline/kind';
      export default defineRowKind({
        name: 'upper',
        summary: 'Upper case, with an end',
        params: z.strictObject({ end: z.string().default('!'), times: z.int().default(1) }),
        input: 'words',
        load: () => import('./upper.ts'),
      });`,
    'stages/upper/upper.ts': `
      import { appendFileSync } from 'node:fs';
      import { loud } from './loud.ts';
      export const setup = ({ params }) => ({
        columns: { text: { type: 'utf8' } },
        run({ id, cells }) {
          appendFileSync(process.env.COUNTS, 'upper ' + id + '\\n');
          return { text: loud(cells.text) + params.end.repeat(params.times) };
        },
      });`,
    'stages/upper/loud.ts': `export const loud = (text: string): string => text.toUpperCase();\n`,
  },
  /** Reads whole tables: joins the texts of all its inputs. */
  join: {
    'stages/join/index.ts': `
      import { z } from 'zod';
      import { defineKind } from 'pipeline/kind';
      export default defineKind({
        name: 'join',
        summary: 'All texts in one line',
        params: z.strictObject({ between: z.string().default(' ') }),
        inputs: { texts: 'many' },
        load: () => import('./join.ts'),
      });`,
    'stages/join/join.ts': `
      import { appendFileSync } from 'node:fs';
      export async function run({ params, inputs, output }) {
        appendFileSync(process.env.COUNTS, 'join\\n');
        const texts = [];
        for (const input of inputs.texts) texts.push(...(await input.table()).text('text'));
        await output.json('joined.json', texts.join(params.between));
      }`,
  },
} as const;

/** The pipeline words → upper → join on two files, with every kind above. */
export const wordsProject = {
  'pipeline.yaml': `stages:
  words: {uses: words}
  upper: {uses: upper, in: {words: words}}
  join: {uses: join, in: {texts: [upper]}}
`,
  'data/a.txt': 'one',
  'data/b.txt': 'two',
  ...kinds.words,
  ...kinds.upper,
  ...kinds.join,
};
