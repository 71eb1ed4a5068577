import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Project } from '../../support/rig.ts';
import { predictProject } from './kinds.ts';

/** The judge of `predictProject`, who says of each model what the stage is given. */
const judge = (results: string, choice = '{}'): string => `
    export const run = ({ inputs, output }) => output.json('metrics.json', {
      results: inputs.models.map(({ stage }) => ({ stage, ...(${results})[stage] })),
      choice: ${choice},
    });`;

describe('the model that predict takes by itself', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.create(predictProject);
  });
  afterAll(() => project.remove());

  async function chosen(results: string, choice?: string): Promise<string> {
    await project.write('stages/judge/judge.ts', judge(results, choice));
    expect(await project.run()).toMatchObject({ code: 0 });
    const { stderr } = await project.pipeline('predict', 'data/a.txt');
    return stderr.split('\n')[0];
  }

  it('is the best by validation accuracy, whatever the test accuracies are', async () => {
    const results =
      '{"length[1]": {validationAccuracy: 0.7, testAccuracy: 0.4}, "length[3]": {validationAccuracy: 0.6, testAccuracy: 0.9}}';
    expect(await chosen(results)).toBe(
      'by length[1], the best of 3 models by validation accuracy 70.0 %, test accuracy 40.0 %',
    );
  });

  it('is chosen on the test part where one of them has no validation accuracy, and said to be', async () => {
    const results =
      '{"length[1]": {validationAccuracy: 0.7, testAccuracy: 0.4}, "length[3]": {validationAccuracy: null, testAccuracy: 0.9}}';
    expect(await chosen(results)).toBe(
      'by length[3], the best of 3 models, test accuracy 90.0 % (chosen on the test part)',
    );
  });

  it('is of equal ones the first in the order of their evaluation', async () => {
    const results = '{"length[1]": {validationAccuracy: 0.7}, "length[3]": {validationAccuracy: 0.7}}';
    expect(await chosen(results, '{ order: ["length[3]", "length[1]"] }')).toBe(
      'by length[3], the best of 3 models by validation accuracy 70.0 %',
    );
  });
});
