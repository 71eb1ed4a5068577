import type { ServerResponse } from 'node:http';
import type { Messages } from '../model/messages.ts';
import { securityHeaders } from './reply.ts';

const heartbeatMilliseconds = 15_000;
/** One that does not read is cut off; a page that comes back begins with a new snapshot. */
const mostWaitingBytes = 4 << 20;

/** The pages that listen, by server-sent events. */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => {
      for (const response of this.#open) response.write(':\n\n');
    }, heartbeatMilliseconds);
    this.#heartbeat.unref();
  }

  /** Begins to tell a page what happens; `first` is where things stand. */
  add(response: ServerResponse, first: Messages['snapshot']): void {
    response.writeHead(200, {
      ...securityHeaders(),
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: 1000\n\n${format('snapshot', first)}`);
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }

  send<Name extends keyof Messages>(name: Name, message: Messages[Name]): void {
    const text = format(name, message);
    for (const response of this.#open) {
      if (response.writableLength > mostWaitingBytes) response.destroy();
      else response.write(text);
    }
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#open) response.end();
  }
}

function format(name: string, message: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(message)}\n\n`;
}
