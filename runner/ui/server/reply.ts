import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Problem } from '../../errors.ts';
import { problemViews } from '../plan/problem-view.ts';

/** What a route answers. */
export type Reply =
  | { readonly type: 'json'; readonly value: unknown; readonly status?: number }
  | { readonly type: 'text'; readonly text: string; readonly media: string }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array; readonly media: string }
  /** Bytes of which any part may be asked for. */
  | { readonly type: 'parts'; readonly source: ByteParts; readonly media: string }
  /** It is at another address of this server. */
  | { readonly type: 'elsewhere'; readonly address: string }
  /** The route has answered by itself and goes on doing so. */
  | { readonly type: 'stream' };

export interface ByteParts {
  readonly size: number;
  /** The bytes from `start` up to, and without, `end`. */
  write(response: ServerResponse, start: number, end: number): Promise<void>;
}

/** Of the page itself: nothing but its own files, no inline script or style, in nobody's frame. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of files that stages made: in an origin of their own that reaches nothing, so that none can act as the page. */
const artifactPolicy =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; media-src data:; font-src data:";

export function securityHeaders(policy: 'page' | 'artifact' = 'page'): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policy === 'page' ? pagePolicy : artifactPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}

export async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  switch (reply.type) {
    case 'stream':
      return;
    case 'json':
      end(
        request,
        response,
        reply.status ?? 200,
        'application/json; charset=utf-8',
        JSON.stringify(reply.value),
      );
      return;
    case 'text':
      end(request, response, 200, reply.media, reply.text);
      return;
    case 'bytes':
      end(request, response, 200, reply.media, reply.bytes);
      return;
    case 'elsewhere':
      response.writeHead(302, { ...securityHeaders(), Location: reply.address }).end();
      return;
    case 'parts':
      await sendParts(request, response, reply.source, reply.media);
  }
}

export function sendProblems(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  problems: readonly Problem[],
): void {
  const body = JSON.stringify({ problems: problemViews(problems) });
  end(request, response, status, 'application/json; charset=utf-8', body);
}

/** A file on the disk, read as it is sent. */
export function fileParts(path: string, size: number): ByteParts {
  return {
    size,
    write: (response, start, stop) => pipeline(createReadStream(path, { start, end: stop - 1 }), response),
  };
}

function end(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  media: string,
  body: string | Uint8Array,
): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  response.writeHead(status, { ...securityHeaders(), 'Content-Type': media, 'Content-Length': length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** With one range of bytes where one is asked for, as players of sound do. */
async function sendParts(
  request: IncomingMessage,
  response: ServerResponse,
  source: ByteParts,
  media: string,
): Promise<void> {
  const range = rangeOf(request.headers.range, source.size);
  const headers = { ...securityHeaders('artifact'), 'Content-Type': media, 'Accept-Ranges': 'bytes' };
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...headers, 'Content-Range': `bytes */${source.size}` }).end();
    return;
  }
  const { start, stop } = range ?? { start: 0, stop: source.size };
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    'Content-Length': stop - start,
    ...(range !== undefined && { 'Content-Range': `bytes ${start}-${stop - 1}/${source.size}` }),
  });
  if (request.method === 'HEAD' || stop === start) response.end();
  else await source.write(response, start, stop);
}

function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; stop: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || match[0] === 'bytes=-') return undefined;
  const [, first, last] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const stop = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return start < stop ? { start, stop } : 'unsatisfiable';
}
