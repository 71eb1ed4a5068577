import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EMOTIONS, emotionNamed } from '../../stages/ingest/emotions.ts';
import { readFile } from 'node:fs/promises';
import type { Project } from '../support/rig.ts';
import { blocksOf, ownProject, saveBlock } from './walk.ts';

describe('docs/data-sets.md', () => {
  let project: Project;

  beforeAll(async () => {
    project = await ownProject();
  });

  afterAll(() => project.remove());

  it('shows pipelines that are valid', async () => {
    const blocks = (await blocksOf('docs/data-sets.md')).filter(({ language }) => language === 'yaml');
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      const file = await saveBlock(project, block);
      const { code, stderr } = await project.pipeline('status', '-f', file);
      expect({ file, code, stderr }).toEqual({ file, code: 0, stderr: '' });
    }
  });

  it('lists every name of an emotion with its synonyms', async () => {
    const text = await readFile('docs/data-sets.md', 'utf8');
    const section = text.slice(text.indexOf('## Names of emotions'), text.indexOf('## What the names say'));
    const rows = Array.from(section.matchAll(/^\| `(\w+)` *\| ([^|]*)\|/gm), ([, name, others]) => ({
      name,
      others: others.split(',').map((word) => word.trim()),
    }));
    expect(rows.map(({ name }) => name)).toEqual([...EMOTIONS]);
    for (const { name, others } of rows) {
      for (const other of others) expect({ other, name: emotionNamed(other) }).toEqual({ other, name });
    }
  });
});
