import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Project } from '../../support/rig.ts';
import { predictProject } from './kinds.ts';

describe('pipeline export', () => {
  let project: Project;
  let elsewhere: Project;

  beforeAll(async () => {
    project = await Project.create(predictProject);
    elsewhere = await Project.create({ 'some word': 'word' });
    await project.run();
    const { code, stderr } = await project.pipeline('export', 'vote', elsewhere.path('model'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  afterAll(async () => {
    await project.remove();
    await elsewhere.remove();
  });

  const damaged = (name: string, damage: (folder: string) => void): string => {
    const folder = elsewhere.path(name);
    cpSync(elsewhere.path('model'), folder, { recursive: true });
    damage(folder);
    return name;
  };

  it('gives a folder that predicts alone as the workspace does', async () => {
    const there = await project.pipeline('predict', elsewhere.path('some word'), '--model', 'vote', '--json');
    await project.write('ends/end.txt', 'other');
    const here = await elsewhere.pipeline('predict', 'some word', '--from', 'model', '--json');
    await project.write('ends/end.txt', '!!');
    const { file, ...predicted } = JSON.parse(here.stdout) as Record<string, unknown>;
    expect({ code: here.code, stderr: here.stderr, file }).toEqual({
      code: 0,
      stderr: '',
      file: 'some word',
    });
    expect(JSON.parse(there.stdout)).toMatchObject(predicted);
  });

  it('exports the best model by that name, with its card', async () => {
    const { code, stdout } = await project.pipeline('export', 'best', elsewhere.path('best/of/them'));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /best\/of\/them: length\[3\], the best of 3 models, test accuracy 75.0 % \(chosen on the test part\), \d+ files/,
    );
    expect(readFileSync(elsewhere.path('best/of/them/README.md'), 'utf8').split('\n')).toEqual([
      '# length[3]',
      'suffix',
      'words {"root":"data"}',
      'suffix {"file":"ends/end.txt"}',
      'length[3] {"scale":3}',
      '',
    ]);
  });

  it('leaves alone what is there already', async () => {
    const { code, stderr } = await project.pipeline('export', 'vote', 'data');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'data: something is there already\n  Name a new folder, or empty this one.\n',
    });
    expect(existsSync(project.path('data/a.txt'))).toBe(true);
  });

  it('refuses a folder with a file that was changed or lost', async () => {
    const changed = damaged('changed', (folder) => {
      const { links } = JSON.parse(readFileSync(`${folder}/model.json`, 'utf8')) as {
        links: { files: string[] }[];
      };
      writeFileSync(`${folder}/${links[1].files[0]}`, '??');
    });
    const { code, stderr } = await elsewhere.pipeline('predict', 'some word', '--from', changed);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^changed\/.*end\.txt: this file is not as it was exported\n {2}Export or copy/);
  });

  it.each<[string, string, string, (folder: string) => void]>([
    [
      'an edit of model.json',
      'edited',
      'model.json: this file is not as it was exported\n  Export or copy the model again.\n',
      (folder) => {
        const text = readFileSync(`${folder}/model.json`, 'utf8');
        writeFileSync(`${folder}/model.json`, text.replace('"scale": 3', '"scale": 4'));
      },
    ],
    [
      'an added file',
      'added',
      'more.txt: this file was not exported with the model\n  Move it out of the folder.\n',
      (folder) => {
        writeFileSync(`${folder}/more.txt`, 'more');
      },
    ],
    [
      'a path that leads out of it',
      'outside',
      'model.json: no exported model: ✖ not a path in the folder\n  → at links[0].bundle\n',
      (folder) => {
        const text = readFileSync(`${folder}/model.json`, 'utf8');
        writeFileSync(`${folder}/model.json`, text.replace('"bundle": "', '"bundle": "../'));
      },
    ],
  ])('refuses %s', async (_what, name, message, change) => {
    const changed = damaged(name, change);
    const { code, stderr } = await elsewhere.pipeline('predict', 'some word', '--from', changed);
    expect(code).toBe(2);
    expect(stderr.startsWith(`${name}/${message}`)).toBe(true);
  });

  it('lets the model card be edited, and tools keep hidden files', async () => {
    const edited = damaged('card', (folder) => {
      writeFileSync(`${folder}/README.md`, 'mine');
      writeFileSync(`${folder}/.gitattributes`, '* text');
    });
    expect((await elsewhere.pipeline('predict', 'some word', '--from', edited)).code).toBe(0);
  });

  it('says what is no exported model, and what a newer pipeline wrote', async () => {
    const none = await elsewhere.pipeline('predict', 'some word', '--from', 'nowhere');
    expect({ code: none.code, stderr: none.stderr }).toEqual({
      code: 2,
      stderr:
        'nowhere/model.json: there is no such file\n  Name a folder that was made by pipeline export.\n',
    });
    const newer = damaged('newer', (folder) => {
      writeFileSync(`${folder}/model.json`, '{"format": 99}');
    });
    const { stderr } = await elsewhere.pipeline('predict', 'some word', '--from', newer);
    expect(stderr).toMatch(/^newer\/model.json: format 99 was written by a newer pipeline/);
    const empty = damaged('empty', (folder) => {
      writeFileSync(`${folder}/model.json`, '{"format": 2}');
    });
    const older = damaged('older', (folder) => {
      writeFileSync(`${folder}/model.json`, '{"format": 1}');
    });
    expect((await elsewhere.pipeline('predict', 'some word', '--from', older)).stderr).toMatch(
      /^older\/model.json: format 1 was written by an older pipeline/,
    );
    expect((await elsewhere.pipeline('predict', 'some word', '--from', empty)).stderr).toMatch(
      /^empty\/model.json: no exported model: /,
    );
  });

  it('takes either a model of the last run or an exported one', async () => {
    const { code, stderr } = await elsewhere.pipeline(
      ...['predict', 'some word', '--from', 'model', '--model', 'vote'],
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/mutually exclusive/);
  });
});
