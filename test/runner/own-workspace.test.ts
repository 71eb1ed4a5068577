import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kinds, Project } from '../support/rig.ts';

interface Status {
  readonly stages: readonly { readonly stage: string; readonly state: string; readonly key?: string }[];
}

/** The product at another path: its own files copied, and its packages by links. */
function copyOfProduct(): string {
  const home = mkdtempSync(join(tmpdir(), 'pipeline-product-'));
  for (const name of [
    'runner',
    'stages',
    'scripts',
    'pipeline',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ])
    cpSync(resolve(name), join(home, name), { recursive: true });
  mkdirSync(join(home, 'node_modules'));
  for (const name of readdirSync(resolve('node_modules')).filter((each) => each !== '.cache'))
    symlinkSync(resolve('node_modules', name), join(home, 'node_modules', name));
  return home;
}

describe('a folder of one’s own', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({
      'pipeline.yaml': `stages:
  words: {uses: words}
  ingest: {uses: ingest, with: {root: rec}}
`,
      'data/a.txt': 'one',
      'rec/03-01-01-01-01-01-01.wav': 'no wav',
      ...kinds.words,
    });
  });

  afterEach(async () => {
    await project.remove();
  });

  const status = (launcher: string, cwd: string, ...args: string[]): Record<string, string | undefined> => {
    const { stdout, stderr } = spawnSync(launcher, ['status', '--json', ...args], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    if (stdout === '') throw new Error(stderr);
    const { stages } = JSON.parse(stdout) as Status;
    return Object.fromEntries(stages.map(({ stage, key }) => [stage, key]));
  };

  it('has the kinds that are built in and its own, from wherever it is named, with the same keys by any copy', async () => {
    const here = status(resolve('pipeline'), project.folder);
    expect(here).toEqual({
      words: expect.stringMatching(/^[0-9a-f]{64}$/),
      ingest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(status(resolve('pipeline'), tmpdir(), '-f', project.path('pipeline.yaml'))).toEqual(here);
    const home = copyOfProduct();
    try {
      expect(status(join(home, 'pipeline'), project.folder)).toEqual(here);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  it('may have a kind of its own in the place of one that is built in, and status says so', async () => {
    await project.write(
      'stages/ingest/index.ts',
      kinds.words['stages/words/index.ts'].replace("name: 'words'", "name: 'ingest'"),
    );
    await project.write('stages/ingest/words.ts', kinds.words['stages/words/words.ts']);
    const { stdout } = await project.pipeline('status');
    expect(stdout.split('\n')[0]).toBe('stages/ingest is used in place of the kind ingest that is built in');
    const { ran } = await project.run('ingest');
    expect(ran).toEqual(['ingest']);
  });

  it('knows all of them in its schema', async () => {
    const { stdout } = await project.pipeline('schema');
    for (const kind of ['words', 'ingest', 'features/mfcc']) expect(stdout).toContain(`"const": "${kind}"`);
  });
});
