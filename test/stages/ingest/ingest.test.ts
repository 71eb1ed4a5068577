import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SourceRow } from '../../../runner/kind/index.ts';
import ingest from '../../../stages/ingest/index.ts';
import { listNamed } from '../../../stages/ingest/list.ts';
import { namings } from '../../../stages/ingest/names/index.ts';
import { buildWav, buildWav16 } from '../audio/wav/build-wav.ts';

const NAME = '03-01-05-02-01-02-08.wav';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ingest-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function rowOf(name: string, content: Uint8Array): SourceRow {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const listed = { name: `Actor_08/${name}`, path: file, size: content.length, digest: 'd' };
  return [...listNamed([listed], namings.ravdess, folder).rows][0];
}

async function read(
  row: SourceRow,
  options: Record<string, unknown> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const params = ingest.params.parse({ root: folder, ...options });
  const kind = await (await ingest.load()).setup({ params, columns: {}, threads: 1 });
  const cells = await kind.run(row);
  expect(Object.keys(cells).sort()).toEqual(Object.keys(kind.columns).sort());
  return cells;
}

describe('ingest', () => {
  it('names the folder that it reads', () => {
    expect(ingest.files(ingest.params.parse({}))).toEqual(['data/ravdess']);
    expect(() => ingest.params.parse({ rot: 'x' })).toThrow('rot');
  });

  it('gives samples and labels', async () => {
    expect(await read(rowOf(NAME, buildWav16([16384, -16384, 0, 0], 8000)))).toEqual({
      samples: Float32Array.of(0.5, -0.5, 0, 0),
      sampleRate: 8000,
      channels: 1,
      bitDepth: 16,
      channelPeak: 0.5,
      duration: 0.0005,
      emotion: 'angry',
      emotionIndex: 4,
      intensity: 'strong',
      statement: 'kids',
      repetition: 2,
      speaker: '08',
      sex: 'female',
      corpus: 'ravdess',
      audioDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      // Too short to be known again.
      fingerprint: '',
    });
  });

  it('says which corpus a clip is of', async () => {
    const row = rowOf(NAME, buildWav16([1], 8000));
    expect((await read(row, { names: 'emo-db' })).corpus).toBe('emo-db');
    expect((await read(row, { names: 'table', corpus: 'ours' })).corpus).toBe('ours');
  });

  it('gives equal audio one digest, whatever the encoding and the name', async () => {
    const mono = await read(rowOf(NAME, buildWav16([100, -5])));
    const stereo = buildWav({
      bitDepth: 16,
      channels: 2,
      data: new Uint8Array(Int16Array.of(100, 100, -5, -5).buffer),
    });
    expect((await read(rowOf('03-01-02-01-01-01-01.wav', stereo))).audioDigest).toBe(mono.audioDigest);
    expect((await read(rowOf(NAME, buildWav16([100, -6])))).audioDigest).not.toBe(mono.audioDigest);
  });

  it('fails by name where a sample is not finite, and where the file has gone', async () => {
    const data = new Uint8Array(Float32Array.of(0.5, Number.NaN).buffer);
    const row = rowOf(NAME, buildWav({ bitDepth: 32, tag: 3, data }));
    await expect(read(row)).rejects.toMatchObject({
      name: 'StageFailure',
      message: 'sample 1 of 2 is NaN',
      place: row.file.path,
    });
    const gone = { ...row, file: { ...row.file, path: path.join(folder, 'gone.wav') } };
    await expect(read(gone)).rejects.toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('ENOENT') as unknown,
      place: gone.file.path,
    });
  });
});
