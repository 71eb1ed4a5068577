import { afterEach, expect, it } from '@jest/globals';
import { chmod } from 'node:fs/promises';
import { Project, wordsProject } from '../../support/rig.ts';

let project: Project;

afterEach(async () => {
  delete process.env.ESBUILD_BINARY_PATH;
  await project.remove();
});

it('a compiler that is killed is named, and not what it was to compile', async () => {
  project = await Project.create({ ...wordsProject, 'esbuild.sh': '#!/bin/sh\nkill -9 $$\n' });
  await chmod(project.path('esbuild.sh'), 0o755);
  process.env.ESBUILD_BINARY_PATH = project.path('esbuild.sh');
  const { code, stderr } = await project.pipeline('run');
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^stages\/words\/index\.ts: esbuild, which compiles this, ended before it was done: The service (?:was stopped|is no longer running).*\n {2}Something has ended it, want of memory perhaps\. Run again\.\n/,
  );
  expect(stderr).not.toContain('pipeline.yaml');
  delete process.env.ESBUILD_BINARY_PATH;
  expect((await project.run()).code).toBe(0);
});
