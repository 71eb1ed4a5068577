import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Project, type PipelineResult } from '../support/rig.ts';

export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The code blocks of a page, in order. */
export async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(page, 'utf8');
  return Array.from(text.matchAll(/^```(\w*)\n([^]*?)^```$/gm), ([, language, block]) => ({
    language,
    text: block,
  }));
}

/** A project with the product's own stages. */
export async function ownProject(): Promise<Project> {
  const project = await Project.create({});
  await project.link('stages');
  await project.link('node_modules');
  return project;
}

/** Writes a block of YAML to the file that its first line names. */
export async function saveBlock(project: Project, { text }: Block): Promise<string> {
  const name = /^# (\S+)\n/.exec(text)?.[1];
  if (name === undefined) throw new Error('the block does not begin with the name of its file');
  await project.write(name, text);
  return name;
}

/** Runs a block as a shell would in a clone. */
export async function shell(project: Project, text: string): Promise<PipelineResult> {
  const child = spawn('bash', ['-euc', text.replaceAll('./pipeline', resolve('pipeline'))], {
    cwd: project.folder,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  const code = await new Promise<number | null>((settle) => child.once('close', settle));
  return { code, stdout, stderr };
}
