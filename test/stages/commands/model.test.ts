import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import yargs from 'yargs';
import command from '../../../stages/commands/model.ts';
import { serve, type FileServer } from '../corpus/file-server.ts';
import { encode, largestDifference, signal, TINY } from '../features-encoder/clips.ts';

const FILES = ['config.json', 'preprocessor_config.json', 'onnx/model.onnx'];

let folder: string;
let hub: FileServer | undefined;
let asked: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-command-'));
  asked = [];
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await rm(folder, { recursive: true });
});

/** A hub that has the files named of repository tiny/NAME. */
async function startHub(
  files: readonly string[],
  edit = (content: Buffer): Buffer => content,
): Promise<void> {
  hub = await serve((request, response) => {
    const [, file] = /^\/tiny\/[^/]+\/resolve\/main\/(.+)$/.exec(request.url ?? '') ?? [];
    asked.push(file);
    if (!files.includes(file)) response.writeHead(404).end();
    else
      void readFile(join(TINY, file)).then((content) => {
        send(edit(content), response);
      });
  });
}

function send(content: Buffer, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Length': content.length }).end(content);
}

interface Outcome {
  readonly code: number | undefined;
  readonly failure: unknown;
  readonly out: string;
  readonly err: string;
}

async function fetchModel(name: string, ...options: string[]): Promise<Outcome> {
  let [out, err] = ['', ''];
  const io = {
    stdout: (text: string): void => void (out += text),
    stderr: (text: string, movement = ''): void => void (err += movement + text),
    isTTY: false,
    signal: new AbortController().signal,
  };
  const args = ['fetch', name, '--dir', folder, '--host', new URL('/', hub!.url).href, ...options];
  const parsed = await command.builder(yargs()).parseAsync(args);
  try {
    return {
      code: await command.handler({ ...parsed, action: 'fetch', name }, io),
      failure: undefined,
      out,
      err,
    };
  } catch (failure) {
    return { code: undefined, failure, out, err };
  }
}

describe('model fetch', () => {
  it('brings an encoder that the stage can run, and needs no network afterwards', async () => {
    await startHub(FILES);
    const model = join(folder, 'tiny/one');
    const outcome = await fetchModel('tiny/one');
    expect(outcome).toMatchObject({ code: 0, failure: undefined });
    expect(outcome.out).toContain(`tiny/one is in ${model}`);
    expect(outcome.err).toContain('onnx/model.onnx 100 % (0.2 MB of 0.2 MB)');
    for (const file of FILES)
      expect(await readFile(join(model, file))).toEqual(await readFile(join(TINY, file)));
    const samples = signal(5000);
    const fetched = (await encode({ model }, samples)).features as Float32Array;
    expect(largestDifference(fetched, (await encode({}, samples)).features as Float32Array)).toBe(0);

    await hub!.close();
    expect(await fetchModel('tiny/one')).toMatchObject({ code: 0, failure: undefined });
  });

  it('says that the hub cannot be reached', async () => {
    await startHub(FILES);
    await hub!.close();
    expect((await fetchModel('tiny/two')).failure).toMatchObject({
      name: 'StageFailure',
      message: expect.stringMatching(/^the hub cannot be reached: .*ECONNREFUSED/),
      place: new URL('/', hub!.url).href,
      hint: expect.stringContaining('--host'),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says that there is no such repository', async () => {
    await startHub([]);
    expect((await fetchModel('tiny/three')).failure).toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('config.json of tiny/three is not on the hub'),
      hint: expect.stringContaining('see whether the name is right'),
    });
  });

  it('says how to get a graph where the repository has PyTorch weights only', async () => {
    await startHub(FILES.slice(0, 2));
    expect((await fetchModel('tiny/four')).failure).toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('the graph of dtype fp32 of tiny/four is not on the hub'),
      hint: expect.stringContaining('scripts/export-encoder.py'),
    });
    expect(asked).toContain('onnx/model.onnx');
  });

  it('refuses a model that is no speech encoder before its weights are fetched', async () => {
    await startHub(FILES, (content) =>
      Buffer.from(content.toString('latin1').replace('"wav2vec2"', '"bert"'), 'latin1'),
    );
    expect((await fetchModel('tiny/five')).failure).toMatchObject({
      name: 'StageFailure',
      message: 'bert is no encoder that is known here',
    });
    expect(asked).toEqual(['config.json']);
  });

  it('says that a graph cannot be loaded', async () => {
    await startHub(FILES, (content) => (content.length > 100_000 ? content.subarray(0, 10_000) : content));
    expect((await fetchModel('tiny/six')).failure).toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('the graph of dtype fp32 cannot be loaded'),
      hint: expect.stringContaining('delete what was fetched'),
    });
  });
});
