import { expect } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../runner/events.ts';
import { Project, wordsProject } from './rig.ts';

/** A project of so many words, each of which takes so many milliseconds in its row stage. */
export async function projectOf(words: number, milliseconds: number): Promise<Project> {
  const project = await Project.create(wordsProject);
  for (let at = 0; at < words; at += 1) await project.write(`data/word${at}.txt`, `word ${at}`);
  const pause = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds});`;
  await project.edit('stages/upper/upper.ts', 'return {', `${pause}\n return {`);
  await mkdir(project.path('shared'));
  return project;
}

/** All that people see of the artifacts, and the lockfile, byte by byte. */
export function resultsOf(project: Project): Record<string, string> {
  const root = project.path('artifacts');
  const files: Record<string, string> = { lock: readFileSync(project.path('pipeline.lock'), 'utf8') };
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isFile() && !name.startsWith('.cache')) files[name] = readFileSync(path, 'base64');
  }
  return files;
}

/** How often each row of `upper` was computed, beyond once. */
export async function computedAgain(project: Project): Promise<number> {
  const rows = (await project.executions()).filter((line) => line.startsWith('upper '));
  return rows.length - new Set(rows).size;
}

/** The results of the same project run on this machine alone, in a folder of its own. */
export async function resultsOfLocalRun(project: Project): Promise<Record<string, string>> {
  const local = await Project.create({});
  for (const name of ['pipeline.yaml', 'data', 'stages']) {
    await cp(project.path(name), local.path(name), { recursive: true });
  }
  const { code, stderr } = await local.run();
  if (code !== 0) throw new Error(`the local run failed: ${stderr}`);
  const results = resultsOf(local);
  await local.remove();
  return results;
}

/** Makes a row fail, as a stage says that it does, in each of two attempts; each row prints its name. */
export async function failAtWord7(project: Project): Promise<void> {
  const upper = 'stages/upper/upper.ts';
  const throwing = "if (id === 'word7.txt') throw new StageFailure('too short', { hint: 'write more' });";
  await project.edit(
    upper,
    'import { loud }',
    "import { StageFailure } from 'pipeline/kind';\nimport { loud }",
  );
  await project.edit(upper, 'return {', `console.log('at ' + id); ${throwing}\n return {`);
  await project.edit('pipeline.yaml', 'upper: {', 'upper: {retries: 1, ');
}

/** Both failures of such a run, which say what those of a local run say. */
export function failuresAtWord7(events: readonly Event[]): Extract<Event, { type: 'stage-failed' }>[] {
  const failures = events.flatMap((event) => (event.type === 'stage-failed' ? [event] : []));
  expect(failures.map(({ retrying }) => retrying)).toEqual([true, false]);
  expect(failures[1].problems[0]).toMatchObject({
    message: 'too short',
    place: { file: 'word7.txt' },
    hint: 'write more',
  });
  return failures;
}
