import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DEMO_CORPUS, demoCorpus, demoCorpusSize, type DemoFile } from '../../../stages/corpus/demo/index.ts';

const RAVDESS_NAME = /^03-01-0[1-8]-0[12]-0[12]-0[12]-(0[1-9]|1\d|2[0-4])\.wav$/;
const SMALL = { ...DEMO_CORPUS, speakers: 2, clipsPerEmotion: 2 };

function digest(files: Iterable<DemoFile>): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.name}\0${file.content.length}\0`).update(file.content);
  return hash.digest('hex');
}

function samplesOf(content: Uint8Array): Int16Array {
  return new Int16Array(content.slice(44).buffer);
}

function peakOf(samples: Int16Array): number {
  let highest = 0;
  for (const sample of samples) if (sample > highest) highest = sample;
  return highest;
}

describe('the demo corpus', () => {
  const corpus = [...demoCorpus(DEMO_CORPUS)];

  it('is the same bytes on every machine and version of Node', () => {
    expect(digest(corpus)).toBe('9b85d2591224168618a5401cab9db204c5fe3643b53ceef044785128e9d4b498');
  });

  it('is the same bytes at each generation, and others with another seed', () => {
    const small = digest(demoCorpus(SMALL));
    expect(digest(demoCorpus(SMALL))).toBe(small);
    expect(digest(demoCorpus({ ...SMALL, seed: 2 }))).not.toBe(small);
  });

  it('keeps the clips that a smaller corpus has', () => {
    const byName = new Map(corpus.map((file) => [file.name, file.content]));
    for (const file of demoCorpus(SMALL))
      expect(Buffer.compare(byName.get(file.name) ?? Buffer.alloc(0), file.content)).toBe(0);
  });

  it('has at least 6 speakers with 4 clips of each of the 8 emotions', () => {
    const counts = new Map<string, number>();
    for (const { name } of corpus) {
      const [, , emotion, , , , speaker] = name.slice(0, -4).split('-');
      counts.set(`${speaker}/${emotion}`, (counts.get(`${speaker}/${emotion}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(8 * 8);
    expect(new Set(counts.values())).toEqual(new Set([4]));
    expect(corpus).toHaveLength(demoCorpusSize(DEMO_CORPUS));
  });

  it('has unique, valid RAVDESS names and no strong neutral', () => {
    expect(new Set(corpus.map((file) => file.name)).size).toBe(corpus.length);
    for (const { name } of [...corpus, ...demoCorpus({ ...SMALL, speakers: 1, clipsPerEmotion: 8 })]) {
      expect(name).toMatch(RAVDESS_NAME);
      expect(name).not.toMatch(/^03-01-01-02/);
    }
  });

  it('has clips of 1 to 2.5 s, loud enough, not clipped, with quiet ends', () => {
    for (const { name, content } of corpus) {
      const samples = samplesOf(content);
      const seconds = samples.length / 48000;
      const peak = peakOf(samples);
      const loudestEdge = Math.max(peakOf(samples.slice(0, 4000)), peakOf(samples.slice(-4000)));
      expect({ name, seconds: seconds > 1 && seconds < 2.5 }).toEqual({ name, seconds: true });
      expect({ name, peak: peak > 500 && peak < 32600 }).toEqual({ name, peak: true });
      // Below the 20 dB that trimming uses.
      expect({ name, quiet: loudestEdge < peak / 10 }).toEqual({ name, quiet: true });
    }
  });

  it('writes wav files of the sample rate asked for, of the same speech', () => {
    for (const sampleRate of [16000, 44100]) {
      const [file] = demoCorpus({ ...SMALL, sampleRate });
      const view = new DataView(file.content.buffer);
      expect(view.getUint32(24, true)).toBe(sampleRate);
      expect(view.getUint32(4, true)).toBe(file.content.length - 8);
      const seconds = samplesOf(file.content).length / sampleRate;
      expect(Math.abs(seconds - samplesOf(corpus[0].content).length / 48000)).toBeLessThan(0.05);
    }
  });

  it('is louder in anger and softer in sadness, as people are', () => {
    const medianLevel = (emotion: string): number => {
      const levels = corpus
        .filter((file) => file.name.startsWith(`03-01-${emotion}-`))
        .map((file) => peakOf(samplesOf(file.content)))
        .sort((a, b) => a - b);
      return levels[levels.length / 2];
    };
    expect(medianLevel('05')).toBeGreaterThan(2 * medianLevel('01'));
    expect(medianLevel('04')).toBeLessThan(0.6 * medianLevel('01'));
  });
});
