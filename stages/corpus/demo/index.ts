import { clipName, corpusLabels } from './clip-name.ts';
import { synthesiseClip } from './clip.ts';
import { encodeWav16 } from './wav.ts';

export interface DemoCorpusOptions {
  readonly speakers: number;
  readonly clipsPerEmotion: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly seed: number;
}

export const DEMO_CORPUS: DemoCorpusOptions = { speakers: 8, clipsPerEmotion: 4, sampleRate: 48000, seed: 1 };

export interface DemoFile {
  /** A RAVDESS file name. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** How many files `demoCorpus` makes. */
export function demoCorpusSize(options: DemoCorpusOptions): number {
  return corpusLabels(options.speakers, options.clipsPerEmotion).length;
}

/** A small speech-like corpus, file by file: equal options make equal bytes on every machine. */
export function* demoCorpus(options: DemoCorpusOptions): Generator<DemoFile> {
  for (const label of corpusLabels(options.speakers, options.clipsPerEmotion)) {
    const samples = synthesiseClip(label, options.sampleRate, options.seed);
    yield { name: clipName(label), content: encodeWav16(samples, options.sampleRate) };
  }
}
