import { statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly url: string;
  /** The `Range` header of each request, in order; undefined where it had none. */
  readonly ranges: (string | undefined)[];
  close(): Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server on the loopback interface that answers each request by `answer`; `count` is 1 for the first. */
export async function serve(answer: Answer): Promise<FileServer> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response, ranges.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive.zip`,
    ranges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Sends `content` as a server that knows ranges does. */
export function sendWithRanges(content: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const start = rangeStart(request);
  if (start === undefined) {
    response.writeHead(200, { 'Content-Length': content.length }).end(content);
  } else if (start >= content.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${content.length}` }).end();
  } else {
    response
      .writeHead(206, {
        'Content-Length': content.length - start,
        'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}`,
      })
      .end(content.subarray(start));
  }
}

/**
 * Promises the whole rest of `content`, sends `bytes` of it, and breaks the connection once they have arrived in
 * the file `part` of the client: what is under way when a connection breaks may or may not be lost.
 */
export function sendCut(
  content: Buffer,
  bytes: number,
  part: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const start = rangeStart(request) ?? 0;
  const range = { 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start === 0 ? 200 : 206, {
    'Content-Length': content.length - start,
    ...(start > 0 && range),
  });
  response.write(content.subarray(start, start + bytes));
  const timer = setInterval(() => {
    if (statSync(part, { throwIfNoEntry: false })?.size !== start + bytes) return;
    clearInterval(timer);
    response.destroy();
  }, 5);
  response.on('close', () => {
    clearInterval(timer);
  });
}

function rangeStart(request: IncomingMessage): number | undefined {
  const match = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  return match === null ? undefined : Number(match[1]);
}
