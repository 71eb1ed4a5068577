import { afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { listFiles } from '../../runner/cache/local.ts';
import { kinds, Project } from '../support/rig.ts';
import { whyNoDisk } from '../support/small-disk.ts';

const reason = whyNoDisk();
if (reason !== undefined) console.warn(`skipped, ${reason}`);
const withDisk = reason === undefined ? describe : describe.skip;

/** A row stage whose rows are large, and a stage that writes one large file. */
const big = {
  'stages/spread/index.ts': `
    import { z } from 'zod';
    import { defineRowKind } from 'pipeline/kind';
    export default defineRowKind({
      name: 'spread', summary: 'Many numbers of a word', params: z.strictObject({}), input: 'words',
      load: () => import('./spread.ts'),
    });`,
  'stages/spread/spread.ts': `
    export const setup = () => ({
      columns: { numbers: { type: 'tensor', shape: [65536] } },
      run: ({ cells }) => ({ numbers: new Float32Array(65536).map((_, at) => at * cells.text.length) }),
    });`,
  'stages/sum/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'sum', summary: 'Writes a large file', params: z.strictObject({}), inputs: { numbers: 'one' },
      load: () => import('./sum.ts'),
    });`,
  'stages/sum/sum.ts': `
    import { writeFileSync } from 'node:fs';
    export async function run({ input, output }) {
      let sum = 0;
      for await (const { cells } of input('numbers').rows()) for (const number of cells.numbers) sum += number;
      await output.json('sum.json', sum);
      writeFileSync(output.path('large.bin'), Buffer.alloc(2 << 20, 7));
    }`,
};

const files = {
  'pipeline.yaml': `stages:
  words: {uses: words}
  spread: {uses: spread, in: {words: words}}
  sum: {uses: sum, in: {numbers: spread}}
  command: {run: "head -c 1500000 /dev/zero > zeros.bin", in: {sum: sum}, outs: [zeros.bin]}
`,
  ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`data/${at}.txt`, 'x'.repeat(at + 1)])),
  ...kinds.words,
  ...big,
};

withDisk('a disk', () => {
  let project: Project;
  let mounted: string | undefined;

  afterEach(async () => {
    if (mounted !== undefined) execFileSync('umount', [mounted]);
    mounted = undefined;
    await project.remove();
  });

  const mountArtifacts = (size: string): void => {
    const folder = project.path('artifacts');
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    mounted = folder;
  };
  const remount = (options: string): void => {
    execFileSync('mount', ['-o', `remount,${options}`, mounted!]);
  };

  /** SHA-256 of each file that people see. */
  const artifacts = async (of: Project): Promise<Record<string, string>> => {
    const names = (await listFiles(of.path('artifacts'))).filter((name) => !name.startsWith('.'));
    return Object.fromEntries(
      names.map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(of.path(`artifacts/${name}`)))
          .digest('hex'),
      ]),
    );
  };

  const undisturbed = async (): Promise<Record<string, string>> => {
    const other = await Project.create(files);
    try {
      expect((await other.run()).code).toBe(0);
      return await artifacts(other);
    } finally {
      await other.remove();
    }
  };

  it('that gets full ends a run clearly wherever it does, and the next run with more room finishes it', async () => {
    const expected = await undisturbed();
    project = await Project.create(files);
    mountArtifacts('64k');
    // From no room for anything to room for all: each is another place at which it gets full.
    const failures: { size: string; stage: string }[] = [];
    for (const size of ['64k', '600k', '2m', '3500k', '5m', '7m', '9m', '11m', '13m', '15m', '17m', '19m']) {
      remount(`size=${size}`);
      const { code, stderr } = await project.pipeline('run');
      if (code === 0) break;
      expect({ size, code, stderr }).toEqual({
        size,
        code: 1,
        stderr: expect.stringContaining('the disk is full\n  Make room, e.g. with: pipeline gc\n'),
      });
      expect(stderr).not.toMatch(/^\s+at /m);
      failures.push({ size, stage: /^(\w+): failed/m.exec(stderr)?.[1] ?? 'none' });
    }
    expect(new Set(failures.map(({ stage }) => stage)).size).toBeGreaterThan(2);
    remount('size=64m');
    expect((await project.run()).code).toBe(0);
    expect(await artifacts(project)).toEqual(expected);
    expect((await project.pipeline('verify')).code).toBe(0);
    expect((await project.run()).ran).toEqual([]);
  });

  it('that cannot be written ends a run clearly, and nothing is lost', async () => {
    const expected = await undisturbed();
    project = await Project.create(files);
    mountArtifacts('64m');
    expect((await project.run('--until', 'spread')).code).toBe(0);
    const before = await artifacts(project);
    remount('ro');
    for (const args of [['run'], ['run', '--force'], ['gc', '--yes'], ['verify']]) {
      const { code, stderr } = await project.pipeline(...args);
      expect({ args, code, stderr }).toEqual({
        args,
        code: 1,
        stderr: expect.stringMatching(
          /the file system is read-only\n {2}Work in a folder that can be written\.\n$/,
        ),
      });
    }
    expect((await project.pipeline('status')).code).toBe(0);
    expect((await project.pipeline('run', '--dry-run')).code).toBe(0);
    expect((await project.pipeline('runs')).code).toBe(0);
    expect(await artifacts(project)).toEqual(before);
    remount('rw');
    await project.forgetExecutions();
    expect((await project.run()).ran).toEqual(['sum', 'command']);
    expect(await project.executions()).toEqual([]);
    expect(await artifacts(project)).toEqual(expected);
  });

  it('whose outs of a command do not fit ends clearly', async () => {
    project = await Project.create({
      'pipeline.yaml':
        'stages:\n  fill: {run: "head -c 9000000 /dev/zero > out/zeros.bin", outs: [out/zeros.bin]}\n',
    });
    mountArtifacts('64k');
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stderr).toContain('the disk is full\n  Make room, e.g. with: pipeline gc\n');
    writeFileSync(project.path('mine.txt'), '');
    remount('size=32m');
    expect((await project.run()).code).toBe(0);
  });
});
