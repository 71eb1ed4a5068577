import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadPipeline } from '../../../runner/config/index.ts';
import type { Event } from '../../../runner/events.ts';
import { executeJob } from '../../../runner/execute/execute-job.ts';
import { KeptPool } from '../../../runner/execute/kept-pool.ts';
import type { Executor } from '../../../runner/execute/stage-process.ts';
import { select } from '../../../runner/graph/index.ts';
import { runPipeline } from '../../../runner/session/run.ts';
import { openWorkspace } from '../../../runner/workspace.ts';
import type { State } from './state.ts';

/** Does jobs in this process, so that thousands of runs take no thousands of processes. */
const inProcess: Executor = {
  prepare: () => undefined,
  async run(job, { signal, onMessage }) {
    const message = await executeJob(
      job,
      new KeptPool(),
      (sent) => {
        if (sent.type === 'progress' || sent.type === 'warning') onMessage(sent);
      },
      signal,
    );
    return { end: message.type === 'done' ? { type: 'done', message } : message, lastLines: [] };
  },
  dismiss: () => undefined,
};

/** What one run of the real runner did. */
export interface Observed {
  /** Instances that ran. */
  readonly ran: readonly string[];
  /** What the stages' own code noted: `kind id` for a row, `kind` for a whole run. */
  readonly executions: readonly string[];
  /** The text each join made, by instance. */
  readonly joined: Readonly<Record<string, string>>;
}

/** A project on disk that follows a state. */
export class ModelProject {
  readonly #folder: string;
  readonly #written = new Map<string, string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<ModelProject> {
    return new ModelProject(await mkdtemp(join(tmpdir(), 'pipeline-model-')));
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async run(state: State): Promise<Observed> {
    await this.#follow(state);
    const counts = join(this.#folder, 'counts');
    await rm(counts, { force: true });
    const home = resolve('.');
    const workspace = openWorkspace(this.#folder, home, inProcess);
    const file = join(this.#folder, 'pipeline.yaml');
    const pipeline = await loadPipeline({ file, set: [], kinds: workspace.kinds });
    if (!pipeline.ok) throw new Error(JSON.stringify(pipeline.problems));
    const selection = select(pipeline.value, {});
    if (!selection.ok) throw new Error(JSON.stringify(selection.problems));
    const events: Event[] = [];
    const result = await runPipeline(workspace, pipeline.value, selection.value, {
      jobs: 2,
      force: false,
      keepRows: false,
      keepGoing: false,
      allowStale: false,
      adopt: false,
      publish: true,
      forcedBy: undefined,
      command: 'run',
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
    });
    if (!result.ok || !result.value.ok) throw new Error(JSON.stringify(events.filter(isFailure)));
    const last = events.at(-1);
    if (last?.type !== 'run-finished') throw new Error('the run did not finish');
    const joins = state.stages.filter(({ kind }) => kind === 'join');
    return {
      ran: [...last.ran].sort(),
      executions: existsSync(counts) ? readFileSync(counts, 'utf8').trim().split('\n').sort() : [],
      joined: Object.fromEntries(
        joins.map(({ name }) => [
          name,
          JSON.parse(readFileSync(join(this.#folder, 'artifacts', name, 'joined.json'), 'utf8')) as string,
        ]),
      ),
    };
  }

  async #follow(state: State): Promise<void> {
    const files = new Map<string, string>([['pipeline.yaml', yamlOf(state)], ...codeOf(state, this.#folder)]);
    for (const [name, text] of Object.entries(state.files)) files.set(`data/${name}.txt`, text);
    for (const [name, text] of files) {
      if (this.#written.get(name) === text) continue;
      await mkdir(dirname(join(this.#folder, name)), { recursive: true });
      await writeFile(join(this.#folder, name), text);
      this.#written.set(name, text);
    }
    for (const name of [...this.#written.keys()].filter((known) => !files.has(known))) {
      await rm(join(this.#folder, name));
      this.#written.delete(name);
    }
  }
}

function isFailure(event: Event): boolean {
  return event.type === 'stage-failed';
}

function yamlOf({ stages }: State): string {
  const lines = stages.map(({ name, kind, inputs, end }) => {
    if (kind === 'words') return `  ${name}: {uses: words}`;
    const list = inputs.length === 1 && kind === 'mark' ? inputs[0] : `[${inputs.join(', ')}]`;
    const input = kind === 'mark' ? 'words' : 'texts';
    return `  ${name}: {uses: ${kind}, in: {${input}: ${list}}, with: {end: ${JSON.stringify(end)}}}`;
  });
  return `stages:\n${lines.join('\n')}\n`;
}

/** Kinds whose code follows the state: a version that counts, and a comment that does not. */
function codeOf({ code, comments }: State, folder: string): [string, string][] {
  const note = (text: string): string =>
    `appendFileSync(${JSON.stringify(join(folder, 'counts'))}, ${text} + '\\n');`;
  const version = (kind: 'words' | 'mark' | 'join'): [string, string] => [
    `stages/${kind}/version.ts`,
    `// Comment ${comments[kind]}.\nexport const version = '${code[kind]}';\n`,
  ];
  return [
    version('words'),
    version('mark'),
    version('join'),
    [
      'stages/words/index.ts',
      `import { z } from 'zod';
       import { defineSourceKind } from 'pipeline/kind';
       export default defineSourceKind({
         name: 'words', summary: 'Words', params: z.strictObject({}), parallel: 'process',
         files: () => [${JSON.stringify(join(folder, 'data'))}],
         load: () => import('./words.ts'),
       });`,
    ],
    [
      'stages/words/words.ts',
      `import { appendFileSync, readFileSync } from 'node:fs';
       import { version } from './version.ts';
       export const list = (files) => ({ rows: files.map((file) => ({ id: file.name, file })), excluded: [], warnings: [] });
       export const setup = () => ({
         columns: { text: { type: 'utf8' } },
         run({ id, file }) {
           ${note("'words ' + id")}
           return { text: readFileSync(file.path, 'utf8').trim() + version };
         },
       });`,
    ],
    [
      'stages/mark/index.ts',
      `import { z } from 'zod';
       import { defineRowKind } from 'pipeline/kind';
       export default defineRowKind({
         name: 'mark', summary: 'Marks', params: z.strictObject({ end: z.string().default('!') }),
         input: 'words', parallel: 'process', load: () => import('./mark.ts'),
       });`,
    ],
    [
      'stages/mark/mark.ts',
      `import { appendFileSync } from 'node:fs';
       import { version } from './version.ts';
       export const setup = ({ params }) => ({
         columns: { text: { type: 'utf8' } },
         run({ id, cells }) {
           ${note("'mark ' + params.end + ' ' + id")}
           return { text: cells.text + params.end + version };
         },
       });`,
    ],
    [
      'stages/join/index.ts',
      `import { z } from 'zod';
       import { defineKind } from 'pipeline/kind';
       export default defineKind({
         name: 'join', summary: 'Joins', params: z.strictObject({ end: z.string().default('!') }),
         inputs: { texts: 'many' }, load: () => import('./join.ts'),
       });`,
    ],
    [
      'stages/join/join.ts',
      `import { appendFileSync } from 'node:fs';
       import { version } from './version.ts';
       export async function run({ params, inputs, output }) {
         ${note("'join ' + params.end")}
         const texts = [];
         for (const input of inputs.texts) texts.push((await input.table()).text('text').join('+'));
         await output.json('joined.json', texts.join('|').length + params.end + version);
       }`,
    ],
  ];
}
