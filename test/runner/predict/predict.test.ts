import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { Project } from '../../support/rig.ts';
import { predictProject } from './kinds.ts';

interface Line {
  readonly file: string;
  readonly size: string;
  readonly probability: number;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly model: string;
  readonly length?: number;
  readonly said?: readonly number[];
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** Trained on `one!!` and `three!!`: their mean length is 6. */
const mean = 6;

describe('pipeline predict', () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.create(predictProject);
    expect(await project.run()).toMatchObject({ code: 0, stderr: '' });
    await project.write('elsewhere/New Word', 'word');
    await project.write('elsewhere/broken', 'broken');
    await project.write('elsewhere/crash', 'crash');
  });

  afterAll(() => project.remove());

  it('takes a file through the whole chain of the model', async () => {
    const { code, stdout } = await project.pipeline(
      ...['predict', 'elsewhere/New Word', '--model', 'length[1]', '--json'],
    );
    const long = 6 / (6 + mean);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual([
      {
        file: 'elsewhere/New Word',
        size: 'short',
        probability: 1 - long,
        probabilities: { short: 1 - long, long },
        model: 'length[1]',
        length: 'word!!'.length,
      },
    ]);
  });

  it('gives a table with what the stages have to say, by the best model', async () => {
    const { code, stdout, stderr } = await project.pipeline('predict', 'elsewhere/New Word');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'by length[3], the best of 3 models, test accuracy 75.0 % (chosen on the test part)\nthe end is !!\nthe mean is 18\n',
    });
    expect(stdout.replaceAll('\u00a0', ' ').split('\n')).toEqual([
      'file                size   probability  others',
      'elsewhere/New Word  short       75.0 %  long 25.0 %',
      '',
    ]);
  });

  it('applies models of models', async () => {
    const { stdout } = await project.pipeline('predict', 'elsewhere/New Word', '--model', 'vote', '--json');
    const said = [6 / (6 + mean), 6 / (6 + 3 * mean)];
    expect(linesOf(stdout)).toMatchObject([{ said, probabilities: { long: (said[0] + said[1]) / 2 } }]);
  });

  it('names each file that cannot be read, does the others, and fails', async () => {
    const { code, stdout, stderr } = await project.pipeline(
      ...[
        'predict',
        'elsewhere/broken',
        'data/a.txt',
        'none.txt',
        'data',
        'elsewhere/crash',
        'data/b.txt',
        '--json',
      ],
    );
    expect(code).toBe(1);
    expect(linesOf(stdout)).toEqual([
      { file: 'elsewhere/broken', problem: 'not a word', hint: 'write another' },
      expect.objectContaining({ file: 'data/a.txt', size: 'short' }),
      { file: 'none.txt', problem: 'there is no such file' },
      {
        file: 'data',
        problem: 'this is a folder',
        hint: 'Name the files in it, e.g. FOLDER/*.wav',
      },
      { file: 'elsewhere/crash', problem: 'a bug' },
      expect.objectContaining({ file: 'data/b.txt' }),
    ]);
    expect(stderr.split('\n')).toEqual([
      'elsewhere/broken: not a word',
      '  write another',
      'none.txt: there is no such file',
      'data: this is a folder',
      '  Name the files in it, e.g. FOLDER/*.wav',
      'elsewhere/crash: a bug',
      '',
    ]);
  });

  it('reads one file from standard input, beside others', async () => {
    const args = ['predict', 'data/a.txt', '-', '--model', 'length[1]', '--json'];
    const named = await project.pipeline('predict', 'elsewhere/New Word', '--model', 'length[1]', '--json');
    const { code, stdout, stderr } = await project.piped('word', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, piped] = linesOf(stdout);
    expect(piped).toEqual({ ...linesOf(named.stdout)[0], file: '-' });
  });

  it('says what is wrong with standard input by its name', async () => {
    const broken = await project.piped('broken', 'predict', '-');
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toContain('-: not a word\n  write another\n');
    const empty = await project.piped('', 'predict', '-', 'data/a.txt', '--json');
    expect(empty.code).toBe(1);
    expect(empty.stderr).toBe(
      '-: nothing came from standard input\n  Pipe one recording into it: pipeline predict - < mine.wav\n',
    );
    expect(linesOf(empty.stdout).map(({ file }) => file)).toEqual(['-', 'data/a.txt']);
    expect(await project.piped('word', 'predict', '-', '-')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'standard input (-) is named twice\n  Name it once.\n',
    });
  });

  it('waits for no pipe that is named as a file', async () => {
    execFileSync('mkfifo', [project.path('elsewhere/pipe')]);
    const { code, stderr } = await project.pipeline('predict', 'elsewhere/pipe');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'elsewhere/pipe: this is no file\n  Pipe a recording in: COMMAND | pipeline predict -\n',
    );
  });

  it('suggests the model that was meant', async () => {
    const { code, stdout, stderr } = await project.pipeline('predict', 'data/a.txt', '--model', 'lenth[1]');
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'there is no trained model lenth[1]\n  did you mean length[1]?\n',
    });
  });

  it('asks which one where a name stands for several', async () => {
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt', '--model', 'length');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'length stands for 2 models\n  Name one of length[1], length[3].\n',
    });
  });

  it('knows a stage that takes words and learns nothing for none of the models', async () => {
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt', '--model', 'suffix');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^there is no trained model suffix\n/);
  });

  it('needs no profile, and says why', async () => {
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt', '--profile', 'demo');
    expect(code).toBe(2);
    expect(stderr).toContain('Leave it out; to train with it first: pipeline run --profile demo');
  });

  it('does not run the pipeline', async () => {
    expect(await project.executions()).toEqual(['words a.txt', 'words b.txt']);
  });
});

describe('pipeline predict in a workspace that has changed', () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.create(predictProject);
  });

  afterAll(() => project.remove());

  it('says how to get a model where none is', async () => {
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'nothing has run here yet\n  Train one first: pipeline run, or pipeline run --profile demo\n',
    });
  });

  it('says so too where only other stages have run', async () => {
    await project.run('suffix');
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^no trained model is there\n {2}Train one first: pipeline run/);
  });

  it('wants a name while nothing has been evaluated', async () => {
    await project.run('length');
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^which of the models is best is not known.*\n {2}Name one with --model, of length\[1\], length\[3\]/,
    );
  });

  it('uses the params of the last run, not those in the file', async () => {
    await project.run('--set', 'suffix.file=ends/other.txt').catch(() => undefined);
    await project.write('ends/other.txt', '....');
    await project.run('--set', 'suffix.file=ends/other.txt');
    const { stdout } = await project.pipeline('predict', 'data/a.txt', '--model', 'length[1]', '--json');
    expect(linesOf(stdout)).toMatchObject([{ length: 'one....'.length }]);
  });

  it('leaves models out of the choice that were trained anew since they were judged', async () => {
    await project.run();
    await project.write('data/c.txt', 'a far longer word');
    await project.run('length');
    const { stderr } = await project.pipeline('predict', 'data/a.txt');
    expect(stderr).toMatch(/^which of the models is best is not known/);
  });

  it('warns where the code on the way is not what the model was trained on', async () => {
    await project.run();
    await project.edit('stages/suffix/suffix.ts', 'cells.text + end', 'cells.text + end + end');
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt');
    expect(code).toBe(0);
    expect(stderr).toContain('suffix changed in code or files since length[3] was trained');
  });

  it('warns where a file on the way is another, and says where it is gone', async () => {
    await project.run();
    await project.write('ends/end.txt', '??');
    const other = await project.pipeline('predict', 'data/a.txt');
    expect(other.code).toBe(0);
    expect(other.stderr).toContain('suffix changed in code or files since length[3] was trained');
    await project.delete('ends/end.txt');
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'suffix: ends/end.txt, which it reads, is not there any more\n' +
        '  Put it back, or choose another model by --model.\n',
    });
    await project.write('ends/end.txt', '!!');
  });

  it('names a stage on the way that cannot be applied to a new file', async () => {
    await project.delete('stages/words/predict.ts');
    const { code, stderr } = await project.pipeline('predict', 'data/a.txt');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'suffix: the kind words cannot be applied to a new file\n' +
        '  Choose another model by --model, or write stages/words/predict.ts.\n',
    });
  });
});
