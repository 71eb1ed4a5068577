import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Project } from '../support/rig.ts';
import { blocksOf, ownProject, saveBlock, shell } from './walk.ts';

describe('docs/tutorial.md', () => {
  let project: Project;

  beforeAll(async () => {
    project = await ownProject();
  });

  afterAll(() => project.remove());

  it('leads from recordings to a report and a prediction, block by block', async () => {
    const outputs: string[] = [];
    for (const block of await blocksOf('docs/tutorial.md')) {
      if (block.language === 'yaml') await saveBlock(project, block);
      if (block.language !== 'sh') continue;
      // As written, but for the epochs: one shows that it works.
      const command = block.text.replace(/^(\.\/pipeline run .*)$/gm, '$1 --set train.epochs=1');
      const { code, stdout, stderr } = await shell(project, command);
      expect({ command, code, stderr: code === 0 ? '' : stderr }).toEqual({ command, code: 0, stderr: '' });
      outputs.push(stdout + stderr);
    }
    expect(outputs.join('')).toContain('ingest: done');
    expect(outputs.join('')).toContain('report: artifacts/evaluate/report.html');
    expect(existsSync(project.path('artifacts/evaluate/report.html'))).toBe(true);
    expect(outputs.at(-1)).toMatch(/data\/own\/03-01-05-01-01-01-01\.wav +\w+ +[\d.]+ %/);
    const metrics = JSON.parse(await project.read('artifacts/evaluate/metrics.json')) as {
      dataset: unknown;
      results: { model: string; testAccuracy: number }[];
    };
    expect(metrics.dataset).toMatchObject({ files: 256, speakers: 8, counts: { fearful: 32, neutral: 32 } });
    expect(metrics.results.map(({ model }) => model).sort()).toEqual([
      'cnn',
      'logistic-regression',
      'random-forest',
    ]);
    // Eight emotions: chance is 0.125.
    const forest = metrics.results.find(({ model }) => model === 'random-forest')!;
    expect(forest.testAccuracy).toBeGreaterThan(0.4);
    // Seven runs of the command, three of them with training.
  }, 600_000);
});
