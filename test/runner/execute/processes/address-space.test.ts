import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Project } from '../../../support/rig.ts';

const kind = {
  'stages/memory/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'memory',
      summary: 'Takes memory for WebAssembly',
      params: z.strictObject({}),
      inputs: {},
      load: () => import('./memory.ts'),
    });`,
  'stages/memory/memory.ts': `
    export async function run({ output }) {
      const { buffer } = new WebAssembly.Memory({ initial: 1 });
      await output.json('bytes.json', buffer.byteLength);
    }`,
  'pipeline.yaml': 'stages: {memory: {uses: memory}}\n',
};

describe('stages where addresses are limited', () => {
  if (!existsSync('/proc/self/limits')) {
    it.skip('needs Linux, which says how they are limited', () => undefined);
    return;
  }
  it('have WebAssembly all the same', async () => {
    const project = await Project.create(kind);
    try {
      const command = `ulimit -v 4000000 && exec ${process.cwd()}/pipeline run -q`;
      const env = { ...process.env, NODE_OPTIONS: '' };
      execFileSync('bash', ['-c', command], { cwd: project.folder, env, stdio: 'pipe' });
      expect(JSON.parse(await project.read('artifacts/memory/bytes.json'))).toBe(65_536);
    } finally {
      await project.remove();
    }
  });
});
