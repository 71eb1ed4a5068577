import type { Writable } from 'node:stream';
import { setImmediate as afterEvents } from 'node:timers/promises';

/** A reader that takes nothing must not keep a command that was told to end. */
const lastWordsMilliseconds = 200;

/** Standard output or error, which may be closed under a command or lie on a full disk. */
export class Output {
  /** Whoever read it has gone. */
  closed = false;
  /** What else kept it from being written. */
  fault: Error | undefined;
  readonly #stream: Writable;
  readonly #onBroken: () => void;

  /** `onBroken` is called when nothing more can be written. */
  constructor(stream: Writable, onBroken: () => void) {
    this.#stream = stream;
    this.#onBroken = onBroken;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#breaks(error);
    });
  }

  write(text: string): void {
    if (this.#isBroken) return;
    this.#stream.write(text);
  }

  /** Settles once all is written, or cannot be; soon after an interruption in any case. */
  async written(signal: AbortSignal): Promise<void> {
    // What goes wrong with what was written last is said a moment later.
    await afterEvents();
    if (this.#isBroken || this.#stream.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      const giveUp = (): void => {
        setTimeout(resolve, lastWordsMilliseconds).unref();
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
      this.#stream.once('error', () => {
        resolve();
      });
      this.#stream.write('', () => {
        resolve();
      });
    });
  }

  get #isBroken(): boolean {
    return this.closed || this.fault !== undefined;
  }

  #breaks(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE' || error.code === 'EIO') this.closed = true;
    else this.fault ??= error;
    this.#onBroken();
  }
}
