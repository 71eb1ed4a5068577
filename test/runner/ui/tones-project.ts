import { once } from 'node:events';
import type { Project } from '../../support/rig.ts';

/**
 * A tiny pipeline with all that the page shows: a source of tones with a tensor, a sequence that can be heard and a
 * picture of a row; a row stage on it; and one that writes a page, a text and figures. Stages go on only while there is no
 * file `hold`.
 */
export const tonesProject = {
  'pipeline.yaml': `stages:
  tones: {uses: tones}
  levels: {uses: levels, in: {tones: tones}}
  summary: {uses: summary, in: {levels: levels}, with: {title: Tones}}
`,
  ...Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `data/tone-${String(index).padStart(2, '0')}.txt`,
      String(220 + 20 * index),
    ]),
  ),
  'stages/tones/index.ts': `
    import { z } from 'zod';
    import { defineSourceKind } from 'pipeline/kind';
    export default defineSourceKind({
      name: 'tones', summary: 'Tones', params: z.strictObject({ root: z.string().default('data') }),
      files: ({ root }) => [root], load: () => import('./tones.ts'),
    });`,
  'stages/tones/tones.ts': `
    import { existsSync, readFileSync } from 'node:fs';
    import { setTimeout as wait } from 'node:timers/promises';
    import { StageFailure } from 'pipeline/kind';
    const sampleRate = 8000;
    export const list = (files) => ({ rows: files.map((file) => ({ id: file.name, file })), excluded: [], warnings: ['all tones are made up'] });
    export const setup = () => ({
      columns: {
        samples: { type: 'sequence', shape: [] },
        sampleRate: { type: 'int32', unit: 'Hz' },
        spectrum: { type: 'tensor', shape: [6, 10], unit: 'dB' },
        name: { type: 'utf8' },
        isHigh: { type: 'bool' },
      },
      async run({ id, file }) {
        while (existsSync('hold')) await wait(20);
        const hertz = Number(readFileSync(file.path, 'utf8'));
        if (Number.isNaN(hertz)) throw new StageFailure('no frequency', { hint: 'write a number' });
        const samples = Float32Array.from({ length: 2 * sampleRate }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / sampleRate));
        const spectrum = Float32Array.from({ length: 60 }, (_, at) => -at);
        return { samples, sampleRate, spectrum, name: '<b>tone</b> & ' + hertz, isHigh: hertz > 500 };
      },
    });`,
  'stages/tones/sound.ts': `
    export default ({ row }) => ({ samples: row.cells.samples, sampleRate: row.cells.sampleRate });`,
  'stages/tones/picture.ts': `
    export default ({ row }) => ({ width: 8, height: 4, rgba: new Uint8Array(4 * 8 * 4).fill(row.id.length) });`,
  'stages/levels/index.ts': `
    import { z } from 'zod';
    import { defineRowKind } from 'pipeline/kind';
    export default defineRowKind({
      name: 'levels', summary: 'Levels', params: z.strictObject({ gain: z.number().default(1) }), input: 'tones',
      load: () => import('./levels.ts'),
    });`,
  'stages/levels/levels.ts': `
    export const setup = ({ params }) => ({
      columns: { level: { type: 'float64', unit: 'dB' } },
      run: ({ cells }) => ({ level: 20 * Math.log10(params.gain * Math.max(...cells.samples)) }),
    });`,
  'stages/summary/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'summary', summary: 'A summary', params: z.strictObject({ title: z.string() }), inputs: { levels: 'one' },
      load: () => import('./summary.ts'),
    });`,
  'stages/summary/summary.ts': `
    import { existsSync } from 'node:fs';
    import { writeFile } from 'node:fs/promises';
    import { setTimeout as wait } from 'node:timers/promises';
    export async function run({ params, input, output, progress }) {
      console.log('a word of the summary');
      progress({ done: 1, total: 4, unit: 'steps', values: { loss: 0.25 } });
      while (existsSync('hold-summary')) await wait(20);
      const table = await input('levels').table();
      const mean = table.numbers('level').reduce((sum, level) => sum + level, 0) / table.count;
      await output.json('metrics.json', { results: [{ model: params.title, mean }] });
      await writeFile(output.path('page.html'), '<!doctype html><title>A page</title><p>A page</p>');
      await writeFile(output.path('notes.txt'), 'one line of notes');
      output.measure('seconds', 1.5);
    }`,
} as const;

/** `pipeline ui` on a project, as it is started by hand. */
export class RunningUi {
  readonly #child: ReturnType<Project['start']>;
  /** With the token, and a slash at its end. */
  readonly address: string;

  private constructor(child: ReturnType<Project['start']>, address: string) {
    this.#child = child;
    this.address = address;
  }

  static async start(project: Project, ...args: readonly string[]): Promise<RunningUi> {
    const child = project.start(['ui', ...args]);
    child.stderr.resume();
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('\n')) resolve();
      });
      child.once('exit', (code) => {
        reject(new Error(`pipeline ui ended with ${code ?? 'a signal'}`));
      });
    });
    return new RunningUi(child, said.trim());
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Ctrl-C; gives the exit code. */
  async end(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const exited = once(this.#child, 'exit') as Promise<[number | null]>;
    this.#child.kill('SIGINT');
    return (await exited)[0];
  }

  async get<Value>(path: string): Promise<Value> {
    const response = await fetch(this.address + path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Value;
  }

  post(path: string, body: unknown): Promise<Response> {
    const headers = { 'Content-Type': 'application/json' };
    return fetch(this.address + path, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}
