import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PipelineError } from '../../errors.ts';
import { problemsOf } from '../plan/problem-view.ts';
import { addressShown, type Admission, admit, newToken, type ShownFile } from './guard.ts';
import { type Reply, securityHeaders, send, sendProblems } from './reply.ts';
import { RequestError } from './request-error.ts';

/** A request that was let in. */
export interface Admitted {
  readonly method: string;
  /** The parts of its path behind the token, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The address at which a page of an artifact is opened. */
  readonly addressShown: (file: ShownFile) => string;
}

export interface Handlers {
  /** Answers who has the token. */
  readonly page: (admitted: Admitted) => Promise<Reply>;
  /** Answers who has a pass to a file. */
  readonly shown: (file: ShownFile) => Reply;
}

export interface HttpServer {
  /** With the token. */
  readonly address: string;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/** Serves on this machine only, to who knows the address. Port 0 is any that is free. */
export async function openHttpServer(port: number, handlers: Handlers): Promise<HttpServer> {
  const token = newToken();
  const server = createServer((request, response) => {
    const own = { port: (server.address() as AddressInfo).port, token };
    void answer(request, response, own, handlers);
  });
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `http://${loopback}:${bound}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const message = taken ? `port ${port} is in use` : `cannot listen on port ${port}: ${error.message}`;
      const hint = 'Name another with --port, or leave it out for one that is free.';
      reject(new PipelineError([{ message, hint }], 2));
    });
    server.listen(port, loopback, resolve);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  own: { readonly port: number; readonly token: string },
  handlers: Handlers,
): Promise<void> {
  const admission = admit(request, own);
  if (admission.type === 'refused') {
    const text = 'Open the address that pipeline ui has printed: it has a token in it.\n';
    const headers = { ...securityHeaders(), 'Content-Type': 'text/plain; charset=utf-8' };
    response.writeHead(admission.status, headers).end(text);
    return;
  }
  try {
    await send(request, response, await replyTo(admission, { request, response }, own.token, handlers));
  } catch (error) {
    // The page may have gone away in the middle of an answer.
    if (response.headersSent) response.destroy();
    else if (error instanceof RequestError) sendProblems(request, response, error.status, error.problems);
    else sendProblems(request, response, 500, problemsOf(error));
  }
}

function replyTo(
  admission: Exclude<Admission, { type: 'refused' }>,
  { request, response }: Pick<Admitted, 'request' | 'response'>,
  token: string,
  handlers: Handlers,
): Promise<Reply> | Reply {
  const { method = 'GET' } = request;
  if (admission.type === 'shown') {
    if (method === 'GET' || method === 'HEAD') return handlers.shown(admission.file);
    throw new RequestError(405, [{ message: 'this address can only be read' }]);
  }
  const { url } = admission;
  const path = url.pathname.split('/').slice(1).map(decodePart);
  return handlers.page({
    method,
    path,
    query: url.searchParams,
    request,
    response,
    addressShown: (file) => addressShown(token, file),
  });
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RequestError(400, [{ message: 'the address is not encoded as addresses are' }]);
  }
}
