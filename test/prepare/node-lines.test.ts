import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { otherLines, otherNode } from '../../scripts/prepare/other-node.mjs';

const run = promisify(execFile);

/** Another line of Node runs the product as it is installed, its native addons included. */
describe.each(otherLines())('Node %s', (line) => {
  const bin = otherNode(line);
  const environment = {
    ...process.env,
    PATH: `${bin ?? ''}${delimiter}${process.env.PATH ?? ''}`,
    NODE_OPTIONS: '',
  };
  const unlessMissing = bin === null ? it.skip : it;
  const hint = bin === null ? ` (not installed: node scripts/node-versions.mjs ${line})` : '';

  unlessMissing(`starts the launcher${hint}`, async () => {
    const { stdout } = await run('./pipeline', ['--version'], { env: environment });
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  unlessMissing(`trains by TensorFlow and runs ONNX Runtime inside the test environment${hint}`, async () => {
    const { stderr } = await run('npm', ['run', '--silent', 'jest', '--', 'test/environment'], {
      env: environment,
    });
    expect(stderr).toMatch(/Tests: +\d+ passed/);
  });
});
