import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Progress, StageContext } from '../../../runner/kind/index.ts';
import type { DemoCorpusOptions } from '../../../stages/corpus/demo/index.ts';
import corpus from '../../../stages/corpus/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corpus-'));
});
afterEach(() => rm(folder, { recursive: true }));

function context(
  params: DemoCorpusOptions,
  signal: AbortSignal,
): [StageContext<DemoCorpusOptions>, Progress[]] {
  const seen: Progress[] = [];
  const path = (file: string): string => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    return join(folder, file);
  };
  const unused = (): never => {
    throw new Error('not used by this stage');
  };
  return [
    {
      params,
      inputs: {},
      input: unused,
      output: { path, json: unused, table: unused, measure: unused },
      threads: 1,
      checkpoints: folder,
      progress: (progress) => seen.push(progress),
      warn: unused,
      signal,
    },
    seen,
  ];
}

describe('the corpus kind', () => {
  it('has a whole corpus by default', () => {
    expect(corpus.params.parse({})).toEqual({ speakers: 8, clipsPerEmotion: 4, sampleRate: 48000, seed: 1 });
  });

  it('refuses what makes no corpus', () => {
    for (const params of [
      { speakers: 0 },
      { speakers: 25 },
      { clipsPerEmotion: 9 },
      { sampleRate: 100 },
      { speed: 1 },
    ])
      expect(corpus.params.safeParse(params).success).toBe(false);
  });

  it('writes the files below clips/ and tells how far it is', async () => {
    const params = corpus.params.parse({ speakers: 1, clipsPerEmotion: 1, sampleRate: 16000 });
    const [stage, seen] = context(params, new AbortController().signal);
    await (await corpus.load()).run(stage);
    const names = await readdir(join(folder, 'clips'));
    expect(names.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `03-01-0${n}-01-01-01-01.wav`));
    expect(seen.at(-1)).toEqual({ done: 8, total: 8, unit: 'clips' });
  });

  it('stops when told to', async () => {
    const params = corpus.params.parse({ speakers: 1, clipsPerEmotion: 1, sampleRate: 16000 });
    const [stage] = context(params, AbortSignal.abort());
    await expect((await corpus.load()).run(stage)).rejects.toThrow();
  });
});
