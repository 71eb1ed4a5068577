import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import yargs from 'yargs';
import command from '../../../stages/commands/data.ts';
import { RAVDESS_ARCHIVE } from '../../../stages/corpus/ravdess/archive.ts';
import { sendCut, sendWithRanges, serve, type Answer, type FileServer } from '../corpus/file-server.ts';
import { zipOf } from '../corpus/zip.ts';

const FILES = ['01', '02'].map((actor) => ({
  name: `Actor_${actor}/03-01-05-01-02-01-${actor}.wav`,
  // Incompressible and large enough to travel in several chunks.
  content: Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * n * 31 + Number(actor)) >> 3)),
}));
const ARCHIVE = zipOf(FILES);
const md5 = (content: Buffer): string => createHash('md5').update(content).digest('hex');

let folder: string;
let server: FileServer | undefined;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'data-command-')), 'ravdess');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(join(folder, '..'), { recursive: true });
});

const part = (): string => join(folder, `${RAVDESS_ARCHIVE.name}.part`);

interface Outcome {
  readonly code: number | undefined;
  readonly failure: unknown;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  signal = new AbortController().signal,
  isTTY = false,
): Promise<Outcome> {
  let [out, err] = ['', ''];
  const io = {
    stdout: (text: string): void => void (out += text),
    stderr: (text: string, movement = ''): void => void (err += movement + text),
    isTTY,
    signal,
  };
  const parsed = await command
    .builder(yargs().command(command.command, command.describe))
    .parseAsync([...args]);
  const [set, dir] = args;
  try {
    const code = await command.handler({ ...parsed, set: set as 'ravdess', dir }, io);
    return { code, failure: undefined, out, err };
  } catch (failure) {
    return { code: undefined, failure, out, err };
  }
}

async function fetchFrom(answer: Answer, archive = ARCHIVE, ...more: string[]): Promise<Outcome> {
  server = await serve(answer);
  return run(['ravdess', folder, '--url', server.url, '--md5', md5(archive), ...more]);
}

/** Stops the command once `bytes` have arrived in the part. */
function stopWhenArrived(bytes: number, stopped: AbortController): void {
  if (statSync(part(), { throwIfNoEntry: false })?.size === bytes) stopped.abort();
  else setTimeout(stopWhenArrived, 5, bytes, stopped);
}

async function expectUnpacked(): Promise<void> {
  for (const file of FILES) expect(md5(await readFile(join(folder, file.name)))).toBe(md5(file.content));
}

describe('data ravdess', () => {
  it('downloads, checks and unpacks, and leaves only the recordings', async () => {
    const outcome = await fetchFrom((request, response) => {
      sendWithRanges(ARCHIVE, request, response);
    });
    expect(outcome).toMatchObject({ code: 0, failure: undefined, out: `2 recordings are in ${folder}\n` });
    expect(outcome.err).toContain('downloading RAVDESS');
    expect(outcome.err).toContain('100 % (2 of 2 files)');
    expect(outcome.err).toContain('2 recordings, where RAVDESS has 1440');
    await expectUnpacked();
    expect((await readdir(folder)).sort()).toEqual(['Actor_01', 'Actor_02']);
  });

  it('keeps the archive on demand, and unpacks it again without a download', async () => {
    await fetchFrom(
      (request, response) => {
        sendWithRanges(ARCHIVE, request, response);
      },
      ARCHIVE,
      '--keep',
    );
    await rm(join(folder, 'Actor_01'), { recursive: true });
    const again = await run(['ravdess', folder, '--url', server!.url, '--md5', md5(ARCHIVE)]);
    expect(again).toMatchObject({ code: 0, failure: undefined });
    expect(server!.ranges).toHaveLength(1);
    await expectUnpacked();
  });

  it('goes on where the transfer broke off', async () => {
    const outcome = await fetchFrom((request, response, count) => {
      if (count === 1) sendCut(ARCHIVE, 150_000, part(), request, response);
      else sendWithRanges(ARCHIVE, request, response);
    });
    expect(outcome).toMatchObject({ code: 0, failure: undefined });
    expect(server!.ranges).toEqual([undefined, 'bytes=150000-']);
    await expectUnpacked();
  });

  it('goes on with what an earlier call left', async () => {
    const stopped = new AbortController();
    server = await serve((request, response, count) => {
      if (count > 1) sendWithRanges(ARCHIVE, request, response);
      else {
        response.writeHead(200, { 'Content-Length': ARCHIVE.length });
        response.write(ARCHIVE.subarray(0, 100_000));
        stopWhenArrived(100_000, stopped);
      }
    });
    const args = ['ravdess', folder, '--url', server.url, '--md5', md5(ARCHIVE)];
    expect((await run(args, stopped.signal)).failure).toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([`${RAVDESS_ARCHIVE.name}.part`]);
    expect(await run(args)).toMatchObject({ code: 0, failure: undefined });
    expect(server.ranges).toEqual([undefined, 'bytes=100000-']);
    await expectUnpacked();
  });

  it('begins again where the server knows no ranges', async () => {
    const outcome = await fetchFrom((request, response, count) => {
      if (count === 1) sendCut(ARCHIVE, 150_000, part(), request, response);
      else response.writeHead(200).end(ARCHIVE);
    });
    expect(outcome).toMatchObject({ code: 0, failure: undefined });
    await expectUnpacked();
  });

  it('takes a part that is whole already', async () => {
    await fetchFrom(
      (request, response) => {
        sendWithRanges(ARCHIVE, request, response);
      },
      ARCHIVE,
      '--keep',
    );
    const archive = join(folder, RAVDESS_ARCHIVE.name);
    await writeFile(`${archive}.part`, await readFile(archive));
    await rm(archive);
    const again = await run(['ravdess', folder, '--url', server!.url, '--md5', md5(ARCHIVE)]);
    expect(again).toMatchObject({ code: 0, failure: undefined });
    expect(server!.ranges.at(-1)).toBe(`bytes=${ARCHIVE.length}-`);
  });

  it('waits for a server that is busy', async () => {
    const outcome = await fetchFrom((request, response, count) => {
      if (count === 1) response.writeHead(503).end();
      else sendWithRanges(ARCHIVE, request, response);
    });
    expect(outcome.err).toContain('waiting (the server answered 503 Service Unavailable; again in 2 s)');
    expect(outcome).toMatchObject({ code: 0, failure: undefined });
  });

  it('refuses and deletes an archive with a wrong checksum, and says the way out', async () => {
    const other = Buffer.from(ARCHIVE);
    other[1000] ^= 1;
    const outcome = await fetchFrom((request, response) => {
      sendWithRanges(other, request, response);
    });
    expect(outcome.failure).toMatchObject({
      name: 'StageFailure',
      message: `the file received has the MD5 ${md5(other)}, not ${md5(ARCHIVE)}; it was deleted`,
      place: server!.url,
      hint: expect.stringContaining('run the command again'),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what the server answered', async () => {
    const outcome = await fetchFrom((_request, response) => {
      response.writeHead(404).end();
    });
    expect(outcome.failure).toMatchObject({
      name: 'StageFailure',
      message: 'the server answered 404 Not Found',
      place: server!.url,
      hint: expect.stringContaining('--url'),
    });
    expect(server!.ranges).toHaveLength(1);
  });

  it('unpacks nothing of an archive with an entry that would land outside the folder', async () => {
    for (const name of [
      '../escaped.wav',
      'Actor_01/../../escaped.wav',
      '/tmp/escaped.wav',
      '..\\escaped.wav',
    ]) {
      const evil = zipOf([FILES[0], { name, content: Buffer.from('evil') }]);
      const outcome = await fetchFrom((request, response) => {
        sendWithRanges(evil, request, response);
      }, evil);
      expect(outcome.failure).toMatchObject({
        name: 'StageFailure',
        message: expect.stringContaining('the archive cannot be unpacked'),
      });
      expect(await readdir(join(folder, '..'))).toEqual(['ravdess']);
      expect(await readdir(folder)).toEqual([RAVDESS_ARCHIVE.name]);
      await server!.close();
    }
  });

  it('refuses names that no file can have, or that two have, and bytes of another checksum', async () => {
    const named = (...names: readonly string[]): Buffer =>
      zipOf(names.map((name) => ({ name, content: Buffer.from(name) })));
    const garbled = zipOf([{ name: 'a.wav', content: Buffer.from('sound') }]);
    garbled.write('S', garbled.indexOf('sound'));
    for (const [archive, message] of [
      [named('a.wav', '.'), 'it holds a file that has no usable name: "."'],
      [named('a.wav', ''), 'it holds a file that has no usable name: ""'],
      [named('a/./b.wav'), 'it holds a file that has no usable name: "a/./b.wav"'],
      [named('a.wav', 'b.wav', 'a.wav'), 'it holds two files named a.wav'],
      [named('a', 'a/b.wav'), 'a is a file in it, and a folder in a/b.wav'],
      [garbled, 'the bytes of a.wav are not those of its checksum'],
    ] as const) {
      const outcome = await fetchFrom((request, response) => {
        sendWithRanges(archive, request, response);
      }, archive);
      expect(outcome.failure).toMatchObject({
        name: 'StageFailure',
        message: `the archive cannot be unpacked: ${message}`,
      });
      expect(await readdir(join(folder, '..'))).toEqual(['ravdess']);
      expect(await readdir(folder)).toEqual([RAVDESS_ARCHIVE.name]);
      await server!.close();
    }
  });

  it('refuses links, and what is no zip archive', async () => {
    const linked = zipOf([FILES[0], { name: 'Actor_02', content: Buffer.from('/tmp'), mode: 0o120777 }]);
    for (const [archive, message] of [
      [linked, 'it holds a link: Actor_02'],
      [Buffer.from('<html>not here</html>'), 'the archive cannot be unpacked'],
    ] as const) {
      const outcome = await fetchFrom((request, response) => {
        sendWithRanges(archive, request, response);
      }, archive);
      expect(outcome.failure).toMatchObject({
        name: 'StageFailure',
        message: expect.stringContaining(message),
      });
      await server!.close();
    }
  });

  it('names a folder that cannot be made', async () => {
    await writeFile(folder, 'a file');
    const outcome = await fetchFrom((request, response) => {
      sendWithRanges(ARCHIVE, request, response);
    });
    expect(outcome.failure).toMatchObject({ name: 'StageFailure', place: folder });
    expect(server!.ranges).toHaveLength(0);
  });

  it('takes the published archive by default', () => {
    expect(RAVDESS_ARCHIVE.url).toMatch(
      /^https:\/\/zenodo\.org\/records\/1188976\/files\/Audio_Speech_Actors_01-24\.zip/,
    );
    expect(RAVDESS_ARCHIVE.md5).toBe('bc696df654c87fed845eb13823edef8a');
  });
});

describe('data demo', () => {
  it('refuses a number of speakers that RAVDESS names have no place for', async () => {
    for (const speakers of ['0', '25', '1.5', 'many']) {
      const outcome = await run(['demo', folder, '--speakers', speakers]);
      expect(outcome).toMatchObject({ code: 2, err: '--speakers must be a whole number from 1 to 24\n' });
    }
  });

  it('writes the demo corpus, rewriting one line on a terminal', async () => {
    const outcome = await run(['demo', folder, '--speakers', '1'], new AbortController().signal, true);
    expect(outcome).toMatchObject({ code: 0, failure: undefined, out: `32 clips are in ${folder}\n` });
    expect(await readdir(folder)).toHaveLength(32);
    expect(outcome.err).toMatch(/^\r\u001b\[Kwriting the demo corpus/);
    expect(outcome.err.match(/\n/g)).toHaveLength(1);
  });
});
