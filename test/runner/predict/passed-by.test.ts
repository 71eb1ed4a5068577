import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Project } from '../../support/rig.ts';
import { predictProject } from './kinds.ts';

/** Two sources whose words come together, at first as they are or with ends of their own. */
const pipeline = (texts: string): string => `stages:
  here: {uses: words}
  there: {uses: words, with: {root: more}}
  end-here: {uses: suffix, in: {words: here}, with: {file: ends/end.txt}}
  end-there: {uses: suffix, in: {words: there}, with: {file: ends/end.txt}}
  other-end: {uses: suffix, in: {words: there}, with: {file: ends/other.txt}}
  all: {uses: merge, in: {tables: [${texts}]}}
  suffix: {uses: suffix, in: {words: all}, with: {file: ends/end.txt}}
  length: {uses: length, in: {words: suffix}}
`;

describe('a prediction past a stage that merges', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.create({ ...predictProject, 'more/c.txt': 'eleven', 'ends/other.txt': '??' });
    await project.link('stages/merge');
    await project.write('elsewhere.txt', 'word');
  });
  afterAll(() => project.remove());

  const predictAfter = async (texts: string) => {
    await project.write('pipeline.yaml', pipeline(texts));
    expect((await project.run()).code).toBe(0);
    return project.pipeline('predict', 'elsewhere.txt', '--json');
  };

  it('makes a new row as the merged ones were made', async () => {
    const { code, stdout } = await predictAfter('here, there');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'length', length: 'word!!'.length });
  });

  it('takes the rows through what stands before it', async () => {
    const { stdout } = await predictAfter('end-here, end-there');
    expect(JSON.parse(stdout)).toMatchObject({ length: 'word!!!!'.length });
  });

  it('works from an exported model too', async () => {
    expect((await project.pipeline('export', 'length', 'model')).code).toBe(0);
    const { stdout } = await project.pipeline('predict', '--from', 'model', 'elsewhere.txt', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ length: 'word!!!!'.length });
  });

  it.each(['end-here, other-end', 'end-here, there'])(
    'says what is in the way where rows were made in different ways: %s',
    async (texts) => {
      const { code, stderr } = await predictAfter(texts);
      const [one, other] = texts.split(', ');
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr:
          `all: its rows were made in different ways, by ${one} and ${other}: how a new file is to be made into one is not known\n` +
          '  Put what differs behind all, so that all rows pass it; or choose another model by --model.\n',
      });
    },
  );
});
