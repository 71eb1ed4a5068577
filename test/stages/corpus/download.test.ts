import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { download } from '../../../stages/corpus/transfer/download.ts';
import { requireDiskSpace } from '../../../stages/corpus/transfer/disk-space.ts';
import { sendCut, sendWithRanges, serve, type FileServer } from './file-server.ts';

const CONTENT = Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * n) >> 5));

let folder: string;
let server: FileServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
});
afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

async function fetchFile(url: string, stallMilliseconds = 60_000): Promise<number[]> {
  const seen: number[] = [];
  await download({
    url,
    target: join(folder, 'file'),
    md5: createHash('md5').update(CONTENT).digest('hex'),
    signal: new AbortController().signal,
    progress: (received) => seen.push(received),
    attempts: 2,
    pauseMilliseconds: 1,
    stallMilliseconds,
  });
  return seen;
}

describe('a download', () => {
  it('tells bytes received, never fewer than before', async () => {
    server = await serve((request, response, count) => {
      if (count < 4) sendCut(CONTENT, 20_000, join(folder, 'file.part'), request, response);
      else sendWithRanges(CONTENT, request, response);
    });
    const seen = await fetchFile(server.url);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(CONTENT.length);
    expect(server.ranges).toEqual([undefined, 'bytes=20000-', 'bytes=40000-', 'bytes=60000-']);
    expect(await readFile(join(folder, 'file'))).toEqual(CONTENT);
  });

  it('takes a connection that brings nothing for dead', async () => {
    server = await serve((request, response, count) => {
      if (count === 1)
        response.writeHead(200, { 'Content-Length': CONTENT.length }).write(CONTENT.subarray(0, 5000));
      else sendWithRanges(CONTENT, request, response);
    });
    await fetchFile(server.url, 300);
    expect(server.ranges).toEqual([undefined, 'bytes=5000-']);
    expect(await readFile(join(folder, 'file'))).toEqual(CONTENT);
  });

  it('gives up when nothing more comes, says where it is, and goes on from there', async () => {
    server = await serve((request, response, count) => {
      if (count === 1) sendCut(CONTENT, 50_000, join(folder, 'file.part'), request, response);
      else response.destroy();
    });
    await expect(fetchFile(server.url)).rejects.toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('the transfer broke off at 0.1 MB'),
      hint: 'run the command again: it goes on from there',
    });
    await server.close();
    server = await serve((request, response) => {
      sendWithRanges(CONTENT, request, response);
    });
    await fetchFile(server.url);
    expect(server.ranges).toEqual(['bytes=50000-']);
  });

  it('says that nobody answers', async () => {
    server = await serve((_request, response) => response.destroy());
    await server.close();
    await expect(fetchFile(server.url)).rejects.toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('ECONNREFUSED'),
      place: server.url,
      hint: expect.stringContaining('check the connection to 127.0.0.1'),
    });
  });

  it('refuses another range than the one asked for', async () => {
    server = await serve((request, response, count) => {
      if (count === 1) sendCut(CONTENT, 50_000, join(folder, 'file.part'), request, response);
      else
        response
          .writeHead(206, { 'Content-Range': `bytes 0-99/${CONTENT.length}` })
          .end(CONTENT.subarray(0, 100));
    });
    await expect(fetchFile(server.url)).rejects.toMatchObject({
      message: expect.stringContaining('another part of the file than byte 50000 onwards'),
    });
  });
});

describe('the disk', () => {
  it('is refused when too full', async () => {
    await requireDiskSpace(folder, 1000);
    await expect(requireDiskSpace(folder, 1e18)).rejects.toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('are needed'),
      place: folder,
    });
  });
});
