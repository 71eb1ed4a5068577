import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Project, wordsProject } from '../../support/rig.ts';

/** Notes each bundle that a process reads. */
const watching = `
  const fs = require('node:fs');
  const read = fs.readFileSync;
  fs.readFileSync = function (file, ...more) {
    const name = /[a-z-]+\\.bundle\\.c?js$/.exec(String(file))?.[0];
    if (name !== undefined) fs.appendFileSync(process.env.BUNDLES, name + '\\n');
    return read.call(this, file, ...more);
  };
`;

describe('a local run', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ ...wordsProject, 'watching.cjs': watching });
    // Built before it is watched.
    await project.pipeline('status');
  });
  afterEach(() => project.remove());

  /** The bundles that a command and its processes read. */
  async function bundlesOf(...args: string[]): Promise<Set<string>> {
    await project.write('bundles', '');
    const env = {
      NODE_OPTIONS: `--require ${project.path('watching.cjs')}`,
      BUNDLES: project.path('bundles'),
    };
    const child = project.start(args, env);
    await new Promise((resolve) => child.once('close', resolve));
    return new Set(readFileSync(project.path('bundles'), 'utf8').split('\n').filter(Boolean));
  }

  it('reads nothing of what runs stages elsewhere', async () => {
    const first = await bundlesOf('run');
    expect([...first]).toEqual(expect.arrayContaining(['main.bundle.js', 'host.bundle.js']));
    const again = await bundlesOf('run');
    expect([...again]).toContain('main.bundle.js');
    for (const read of [first, again]) expect([...read]).not.toContain('executors.bundle.js');
    // As it would be seen where it is read.
    expect([...(await bundlesOf('run', '--executor', 'temporal'))]).toContain('executors.bundle.js');
  });
});
