import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Project, wordsProject } from '../support/rig.ts';

const kills = 40;
const words = 60;
const configs = ['!', '?'] as const;

/** Slow enough that a kill meets every part of a run. */
async function slowProject(): Promise<Project> {
  const project = await Project.create(wordsProject);
  for (let at = 0; at < words; at += 1) await project.write(`data/word${at}.txt`, `word ${at}`);
  const pause = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4);';
  await project.edit('stages/words/words.ts', 'const text', `${pause}\n const text`);
  await project.edit('stages/upper/upper.ts', 'return {', `${pause}\n return {`);
  return project;
}

/** All that people see of the artifacts, byte by byte. */
function artifactsOf(project: Project): Record<string, string> {
  const root = project.path('artifacts');
  const files: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isFile() && !name.startsWith('.cache')) files[name] = readFileSync(path, 'base64');
  }
  return files;
}

/** The processes of a project: the runner, and the hosts of its stages. */
function processesOf(project: Project): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`COUNTS=${project.folder}`);
        return isOurs && /launch\.mjs|host\.js/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Numbers between 0 and 1, the same in every run of the test. */
function* random(): Generator<number> {
  for (let state = 1; ;) {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a run that is killed', () => {
  let disturbed: Project;
  const expected = new Map<string, Record<string, string>>();
  let undisturbedMs = 0;

  beforeAll(async () => {
    disturbed = await slowProject();
    for (const end of configs) {
      const project = await slowProject();
      const started = performance.now();
      expect((await project.run('--set', `upper.end=${end}`)).code).toBe(0);
      undisturbedMs = performance.now() - started;
      expected.set(end, artifactsOf(project));
      await project.remove();
    }
  });

  afterAll(async () => {
    await disturbed.remove();
  });

  it(`is finished by the next run, byte by byte, after each of ${kills} kills`, async () => {
    const draws = random();
    const draw = (): number => draws.next().value as number;
    let met = 0;
    for (let at = 0; met < kills; at += 1) {
      // Now from nothing, now on what earlier killed and finished runs left.
      if (draw() < 0.5 && existsSync(disturbed.path('artifacts'))) await disturbed.delete('artifacts');
      else await disturbed.write('data/word0.txt', `word 0 of ${at}`);
      const end = configs[Math.floor(draw() * configs.length)];
      const child = disturbed.start(['run', '--force', '--set', `upper.end=${end}`]);
      const exited = once(child, 'exit');
      await wait(draw() * 0.9 * undisturbedMs);
      const processes = processesOf(disturbed);
      if (processes.length > 0) {
        met += 1;
        process.kill(processes[Math.floor(draw() * processes.length)], 'SIGKILL');
      }
      await exited;
      await disturbed.write('data/word0.txt', 'word 0');
      const { code, stderr } = await disturbed.run('--set', `upper.end=${end}`);
      expect({ at, code, stderr }).toEqual({ at, code: 0, stderr: '' });
      expect(artifactsOf(disturbed)).toEqual(expected.get(end));
    }
    const temporary = disturbed.path('artifacts/.cache/tmp');
    expect(existsSync(temporary) ? readdirSync(temporary) : []).toEqual([]);
  }, 600_000);
});
