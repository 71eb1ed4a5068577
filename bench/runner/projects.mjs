import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Wall seconds of a command.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {number}
 */
export function seconds(command, args, cwd) {
  const started = performance.now();
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  return (performance.now() - started) / 1000;
}

/**
 * Wall seconds of the pipeline's own command.
 * @param {string} folder
 * @param {readonly string[]} args
 * @returns {number}
 */
export function pipeline(folder, ...args) {
  return seconds(path.resolve('pipeline'), args, folder);
}

/**
 * Small text files `0.txt`, `1.txt`, …
 * @param {string} folder
 * @param {number} count
 */
export function writeFiles(folder, count) {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < count; at += 1) writeFileSync(path.join(folder, `${at}.txt`), `line ${at}\n`);
}

/** Upper case of every file, then all in one. */
const project = {
  'pipeline.yaml': `stages:
  upper: {uses: upper}
  join: {uses: join, in: {texts: upper}}
`,
  'stages/upper/index.ts': `
import { z } from 'zod';
import { defineSourceKind } from 'pipeline/kind';
export default defineSourceKind({
  name: 'upper',
  summary: 'Upper case of every file',
  params: z.strictObject({ milliseconds: z.number().default(0) }),
  files: () => ['data'],
  load: () => import('./upper.ts'),
});
`,
  'stages/upper/upper.ts': `
import { readFileSync } from 'node:fs';
export const list = (files) => ({ rows: files.map((file) => ({ id: file.name, file })), excluded: [], warnings: [] });
export const setup = ({ params: { milliseconds } }) => ({
  columns: { text: { type: 'utf8' } },
  run({ file }) {
    // Stands for a computation of so long.
    if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    return { text: readFileSync(file.path, 'utf8').toUpperCase() };
  },
});
`,
  'stages/join/index.ts': `
import { z } from 'zod';
import { defineKind } from 'pipeline/kind';
export default defineKind({
  name: 'join',
  summary: 'All in one',
  params: z.strictObject({ mark: z.int().default(0) }),
  inputs: { texts: 'optional', after: 'optional' },
  load: () => import('./join.ts'),
});
`,
  'stages/join/join.ts': `
import { writeFileSync } from 'node:fs';
export async function run({ inputs, output }) {
  const texts = [];
  for (const input of inputs.texts ?? []) for await (const { cells } of input.rows()) texts.push(cells.text);
  writeFileSync(output.path('joined.txt'), texts.join(''));
}
`,
};

/**
 * @param {string} folder
 * @param {number} milliseconds that each file takes
 */
export function writeProject(folder, milliseconds = 0) {
  for (const [name, text] of Object.entries(project)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(
      path.join(folder, name),
      text.replace('{uses: upper}', `{uses: upper, with: {milliseconds: ${milliseconds}}}`),
    );
  }
}

/**
 * A pipeline of so many stages in chains of ten.
 * @param {string} folder
 * @param {number} count
 */
export function writeDag(folder, count) {
  const stages = Array.from({ length: count }, (_, at) => {
    const after = at % 10 === 0 ? '' : `, in: {after: s${at - 1}}`;
    return `  s${at}: {uses: join, with: {mark: ${at}}${after}}\n`;
  });
  writeFileSync(path.join(folder, 'pipeline.yaml'), `stages:\n${stages.join('')}`);
}
