import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { kinds, Project, wordsProject } from '../support/rig.ts';

/** A stage with figures: of each text, its length times a weight; one weight it refuses. */
const score = {
  'stages/score/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'score', summary: 'Figures of texts', params: z.strictObject({ weight: z.number().default(1) }),
      inputs: { texts: 'one' }, load: () => import('./score.ts'),
    });`,
  'stages/score/score.ts': `
    import { appendFileSync, existsSync } from 'node:fs';
    import { StageFailure } from 'pipeline/kind';
    export async function run({ params: { weight }, input, output }) {
      const texts = (await input('texts').table()).text('text');
      appendFileSync(process.env.COUNTS, 'score ' + texts.join(' ') + ' ' + weight + '\\n');
      if (weight < 0 && !existsSync('mended')) throw new StageFailure('no weight below 0', { hint: 'give another' });
      const letters = texts.join('').length;
      await output.json('metrics.json', { results: [{ model: 'sum', testAccuracy: letters * weight, epochs: 3 }] });
    }`,
};

const files = {
  'pipeline.yaml': `stages:
  words: {uses: words}
  upper: {uses: upper, in: {words: words}}
  score: {uses: score, in: {texts: upper}}
`,
  'data/a.txt': 'one',
  ...kinds.words,
  ...kinds.upper,
  ...score,
};

describe('sweep', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create(files);
  });

  afterEach(async () => {
    await project.remove();
  });

  it('runs every combination, sharing what they have in common, with one table and one picture', async () => {
    const { code, stdout } = await project.pipeline(
      'sweep',
      '--set',
      'upper.end=.,?',
      '--set',
      'score.weight=0.5,2',
    );
    expect(code).toBe(0);
    expect(await project.executions()).toEqual([
      ...['words a.txt', 'upper a.txt', 'score ONE. 0.5', 'score ONE. 2'],
      ...['upper a.txt', 'score ONE? 0.5', 'score ONE? 2'],
    ]);
    const table = `| upper.end | score.weight | sum testAccuracy |
| --------- | ------------ | ---------------- |
| .         | 0.5          | 2                |
| .         | 2            | 8                |
| ?         | 0.5          | 2                |
| ?         | 2            | 8                |
`;
    const best = '\nbest: upper.end=. score.weight=2, by sum testAccuracy 8 (chosen on the test part)\n';
    expect(stdout).toBe(`${table}${best}picture: artifacts/sweep/sweep.svg\n`);
    expect(await project.read('artifacts/sweep/sweep.md')).toBe(`${table}${best}`);
    const picture = await project.read('artifacts/sweep/sweep.svg');
    expect(picture).toMatch(/^<svg /);
    for (const text of ['end ., weight 0.5', 'end ?, weight 2', 'sum testAccuracy'])
      expect(picture).toContain(text);
    // Nothing of it is shown as the pipeline's own.
    expect(existsSync(project.path('artifacts/score'))).toBe(false);
    expect(existsSync(project.path('pipeline.lock'))).toBe(false);
  });

  it('names the best point by validation figures, whatever the test figures are', async () => {
    const validated = files['stages/score/score.ts'].replace(
      'testAccuracy: letters * weight,',
      'testAccuracy: letters * weight, validationAccuracy: 1 / weight,',
    );
    await project.write('stages/score/score.ts', validated);
    const { stdout } = await project.pipeline('sweep', '--set', 'score.weight=0.5,2');
    expect(stdout).toContain('\nbest: score.weight=0.5, by sum validationAccuracy 2; its testAccuracy 2\n');
  });

  it('goes on after a point that failed, says so, and resumes from what is done', async () => {
    const args = ['sweep', '--set', 'score.weight=1,-1,3', '--set', 'upper.times=2', '--metric', 'epochs'];
    const failed = await project.pipeline(...args);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain(
      [
        '| score.weight | sum epochs                       |',
        '| ------------ | -------------------------------- |',
        '| 1            | 3                                |',
        '| -1           | failed: score: no weight below 0 |',
        '| 3            | 3                                |\n',
      ].join('\n'),
    );
    expect(await project.executions()).toEqual([
      ...['words a.txt', 'upper a.txt', 'score ONE!! 1', 'score ONE!! -1', 'score ONE!! 3'],
    ]);
    await project.forgetExecutions();
    await project.write('mended', '');
    const again = await project.pipeline(...args);
    expect(again.code).toBe(0);
    expect(again.stdout).not.toContain('failed');
    expect(await project.executions()).toEqual(['score ONE!! -1']);
  });

  it('says what a point has wrong, and runs the others', async () => {
    const { code, stdout } = await project.pipeline('sweep', '--set', 'score.weight=1,many');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\| many +\| failed: .*number/m);
    expect(await project.executions()).toContain('score ONE! 1');
  });

  it('still gives table and picture where every point failed', async () => {
    const { code, stdout } = await project.pipeline('sweep', '--set', 'score.weight=-1,-2');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\| -1 .*failed: score: no weight below 0/m);
    expect(existsSync(project.path('artifacts/sweep/sweep.svg'))).toBe(true);
  });

  it.each([
    [['--set', 'score.weight=1'], 'there is nothing to sweep'],
    [[], 'there is nothing to sweep'],
    [['--set', 'score.weight=1,,2'], 'takes stage.param=value,value,…'],
    [['--set', 'score.weight'], 'takes stage.param=value,value,…'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await project.pipeline('sweep', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('runs only what the stages named need', async () => {
    await project.pipeline('sweep', 'upper', '--set', 'upper.times=1,2');
    expect(await project.executions()).toEqual(['words a.txt', 'upper a.txt', 'upper a.txt']);
  });
});

describe('a sweep beside a run', () => {
  it('leaves what artifacts/ shows and pipeline.lock as they were', async () => {
    const project = await Project.create(wordsProject);
    try {
      await project.run();
      const [lock, joined] = [
        await project.read('pipeline.lock'),
        await project.read('artifacts/join/joined.json'),
      ];
      await project.pipeline('sweep', '--set', 'upper.times=2,3');
      expect(await project.read('pipeline.lock')).toBe(lock);
      expect(await project.read('artifacts/join/joined.json')).toBe(joined);
      expect((await project.run('--set', 'upper.times=3')).ran).toEqual([]);
    } finally {
      await project.remove();
    }
  });
});
