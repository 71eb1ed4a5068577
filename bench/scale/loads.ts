import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { kinds, Project } from '../../test/support/rig.ts';
import { encodeKind } from './encode-kind.ts';

/** Something to be done by rows in a stage called `encode`, one thread each. */
export interface Load {
  readonly name: string;
  readonly rows: number;
  /** The stage that `encode` reads, which is made before anything is measured. */
  readonly before: string;
  /** A new project of it, with a folder `shared` for a cache. */
  project(): Promise<Project>;
}

/** What a made-up row takes. */
export const millisecondsWanted = 250;

/** What a made-up row does: millions of multiplications, or milliseconds of waiting. */
interface Work {
  readonly work?: number;
  readonly wait?: number;
}

export function madeUp(rows: number, work: Work): Load {
  return {
    name: work.wait === undefined ? 'computing' : 'waiting',
    rows,
    before: 'words',
    async project() {
      const project = await Project.create({
        'pipeline.yaml': `stages:
  words: {uses: words}
  encode: {uses: encode, in: {words: words}, resources: {cpus: 1}, with: ${JSON.stringify(work)}}
`,
        ...kinds.words,
        ...encodeKind,
      });
      for (let at = 0; at < rows; at += 1) await project.write(`data/${at}.txt`, `word ${at}`);
      await mkdir(project.path('shared'));
      return project;
    },
  };
}

/** A speech encoder over the recordings of a folder, named as RAVDESS names them. */
export function encoder(model: string, recordings: string): Load {
  const rows = readdirSync(recordings, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.wav'),
  ).length;
  return {
    name: `encoder ${model}`,
    rows,
    before: 'audio',
    async project() {
      const project = await Project.create({
        'pipeline.yaml': `stages:
  ingest: {uses: ingest, with: {root: ${JSON.stringify(resolve(recordings))}}}
  audio: {uses: preprocess, in: {clips: ingest}, with: {sampleRate: 16000}}
  encode: {uses: features/encoder, in: {clips: audio}, resources: {cpus: 1}, with: {model: ${JSON.stringify(resolve(model))}, layers: [3, 4, 5], pool: mean+std}}
`,
      });
      for (const name of ['stages', 'node_modules']) await project.link(name);
      await mkdir(project.path('shared'));
      return project;
    },
  };
}
