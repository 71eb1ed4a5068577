import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

it('prints the schema that pipeline.yaml names on its first line', () => {
  const { stdout, stderr, status } = spawnSync('./pipeline', ['schema'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync('pipeline.yaml', 'utf8'))?.[1];
  expect(named).toBe('docs/pipeline.schema.json');
  // Where this fails: ./pipeline schema > docs/pipeline.schema.json
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(named!, 'utf8')));
});
