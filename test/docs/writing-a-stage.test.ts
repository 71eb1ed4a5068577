import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demoCorpus } from '../../stages/corpus/demo/index.ts';
import { python } from '../support/python.ts';
import type { Project } from '../support/rig.ts';
import { blocksOf, ownProject } from './walk.ts';

const { path: interpreter, reason } = python();
if (reason !== null) console.warn(`The Python of docs/writing-a-stage.md is not run: ${reason}`);

/** What the page adds to a pipeline of clips and their features. */
const pipeline = (energy: string, score: string): string => `stages:
  ingest: {uses: ingest, with: {root: data/own}}
  audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000]}}
  mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
  ${energy}
${score.replaceAll(/^/gm, '  ')}`;

describe('docs/writing-a-stage.md', () => {
  let project: Project;

  beforeAll(async () => {
    project = await ownProject();
    // Its own copy, since a kind is added to it.
    await project.delete('stages');
    for (const folder of ['ingest', 'preprocess', 'features/mfcc', 'audio', 'random']) {
      await project.link(`stages/${folder}`);
    }
    for (const { name, content } of demoCorpus({
      speakers: 1,
      clipsPerEmotion: 1,
      sampleRate: 48_000,
      seed: 1,
    })) {
      await project.write(`data/own/${name}`, content);
    }
  });
  afterAll(() => project.remove());

  it('shows kinds that work as they stand', async () => {
    const blocks = await blocksOf('docs/writing-a-stage.md');
    const inline = /`(energy: \{[^`]*\})`/.exec(await readFile('docs/writing-a-stage.md', 'utf8'))![1];
    const command = blocks.find(({ language }) => language === 'yaml')!.text;
    for (const { text } of blocks.filter(({ language }) => language === 'ts')) {
      const file = /^\/\/ (\S+)\n/.exec(text)![1];
      // From a workspace of one's own the contract has a name, not a path.
      await project.write(file, text.replaceAll(/'[./]+runner\/kind\/index\.ts'/g, "'pipeline/kind'"));
    }
    const script = blocks.find(({ language }) => language === 'python')!.text;
    await project.write('score.py', script);
    await project.write(
      'pipeline.yaml',
      pipeline(inline, command).replace('python score.py', `${interpreter ?? 'python3'} score.py`),
    );
    const wanted = interpreter === null ? ['energy'] : ['energy', 'score'];
    const { code, stderr, rows } = await project.run(...wanted);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(rows.energy).toEqual({ total: 8, computed: 8, reused: 0 });
    if (interpreter !== null) {
      expect(JSON.parse(await project.read('scores.json'))).toEqual({ rows: 8, threshold: 0.5 });
    }
    const inspected = await project.pipeline('inspect', 'energy');
    expect(inspected.stdout).toContain('features');
  });
});
