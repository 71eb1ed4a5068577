import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What becomes of a request. `pass` is what would happen without the proxy. */
export type Fault =
  | { readonly type: 'pass' }
  /** Never answered. */
  | { readonly type: 'silent' }
  | { readonly type: 'status'; readonly status: number; readonly code: string }
  /** The answer's head, then a part of its body, then the end of the connection. */
  | { readonly type: 'cut'; readonly bytes: number }
  /** As `cut`, but what follows never comes. */
  | { readonly type: 'stall'; readonly bytes: number }
  /** The answer's body with one byte changed. */
  | { readonly type: 'garble' }
  /** The connection ends when so much of the request's body has gone through. */
  | { readonly type: 'refuse-body'; readonly bytes: number };

export interface FaultyRequest {
  readonly method: string;
  readonly path: string;
}

/** Stands before an HTTP server on loopback, notes what is asked, and does as told to what is asked. */
export class FaultyProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly requests: FaultyRequest[] = [];
  fault: (request: FaultyRequest) => Fault = () => ({ type: 'pass' });

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, outgoing) => {
      this.#handle(incoming, outgoing);
    });
  }

  static async before(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>((settle) => proxy.#server.listen(0, '127.0.0.1', settle));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((settle) => this.#server.close(settle));
  }

  #handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const asked = { method: incoming.method!, path: decodeURIComponent(incoming.url!) };
    this.requests.push(asked);
    const fault = this.fault(asked);
    incoming.on('error', () => undefined);
    if (fault.type === 'silent') return;
    if (fault.type === 'status') {
      incoming.resume().on('end', () => {
        outgoing.writeHead(fault.status, { 'content-type': 'application/xml' });
        outgoing.end(
          `<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>told so</Message></Error>`,
        );
      });
      return;
    }
    if (fault.type === 'refuse-body') {
      let seen = 0;
      incoming.on('data', (chunk: Buffer) => {
        seen += chunk.length;
        if (seen >= fault.bytes) incoming.socket.destroy();
      });
      return;
    }
    const { hostname, port } = this.#target;
    // The host that was signed for is the proxy's own; the servers of the tests take what they are told.
    const forwarded = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        pour(answer, outgoing, fault);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  }
}

function pour(answer: IncomingMessage, outgoing: ServerResponse, fault: Fault): void {
  let passed = 0;
  answer.on('data', (chunk: Buffer) => {
    if (fault.type === 'garble' && passed === 0 && chunk.length > 0) chunk[0] ^= 1;
    if (fault.type !== 'cut' && fault.type !== 'stall') {
      outgoing.write(chunk);
    } else if (passed < fault.bytes) {
      outgoing.write(chunk.subarray(0, fault.bytes - passed), () => {
        if (fault.type === 'cut' && passed >= fault.bytes) outgoing.destroy();
      });
    }
    passed += chunk.length;
  });
  answer.on('end', () => {
    if (fault.type !== 'cut' && fault.type !== 'stall') outgoing.end();
  });
  answer.on('error', () => outgoing.destroy());
}
