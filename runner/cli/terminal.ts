import { guard } from '../execute/processes/guard.ts';
import { printable } from '../printable.ts';
import type { Terminal } from './context.ts';
import { Output } from './output.ts';

/** A terminal that closes sends SIGHUP. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** So long may a command take to end in order while processes of stages still end, and once none is left. */
const patienceMilliseconds = { busy: 10_000, idle: 3000 };

const lookMilliseconds = 100;

/** What a command does when it is told to end; at once, unless it says otherwise. */
export type Ending =
  /** Nothing is lost where the process simply ends. */
  | 'at once'
  /** It ends stages and keeps a record, and is ended where that takes long: it may be hashing a disk. */
  | 'in order'
  /** It may ask what is to become of what runs elsewhere. */
  | 'in its own time';

/** The process's own terminal. */
export class OwnTerminal {
  ending: Ending = 'at once';
  readonly terminal: Terminal;
  readonly #interrupted: number;
  readonly #abort = new AbortController();
  readonly #stdout: Output;
  readonly #stderr: Output;
  #told = 0;
  #look: NodeJS.Timeout | undefined;

  /** `interrupted` is the exit code of a process that a signal has ended. */
  constructor(interrupted: number) {
    this.#interrupted = interrupted;
    for (const signal of signals) process.on(signal, this.#onSignal);
    const broken = (): void => {
      this.#abort.abort();
    };
    const stdout = new Output(process.stdout, broken);
    const stderr = new Output(process.stderr, broken);
    [this.#stdout, this.#stderr] = [stdout, stderr];
    const { NO_COLOR, TERM } = process.env;
    const isTTY = process.stderr.isTTY && TERM !== 'dumb';
    const colour = isTTY && (NO_COLOR ?? '') === '';
    this.terminal = {
      stdout: (text) => {
        stdout.write(printable(text, { colours: colour }));
      },
      stderr: (text, movement = '') => {
        stderr.write(movement + printable(text, { colours: colour }));
      },
      isTTY,
      get width() {
        return process.stderr.columns || 100;
      },
      get height() {
        return process.stderr.rows || 24;
      },
      colour,
      signal: this.#abort.signal,
    };
  }

  /** Settles once all is written, or cannot be. */
  async written(): Promise<void> {
    await Promise.all([this.#stdout.written(this.#abort.signal), this.#stderr.written(this.#abort.signal)]);
  }

  /** Whoever read standard output or error has gone. */
  get closed(): boolean {
    return this.#stdout.closed || this.#stderr.closed;
  }

  /** What else kept standard output from being written, such as a full disk. */
  get fault(): Error | undefined {
    return this.#stdout.fault;
  }

  dispose(): void {
    clearInterval(this.#look);
    for (const signal of signals) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    this.#told += 1;
    this.#abort.abort();
    // Whoever asks a third time wants out at once; what has been started ends with this process.
    if (this.#told > 2 || this.ending === 'at once') process.exit(this.#interrupted);
    if (this.ending === 'in order') this.#endSoon();
  };

  #endSoon(): void {
    const told = performance.now();
    let busyUntil = told;
    this.#look ??= setInterval(() => {
      const now = performance.now();
      if (!guard.idle) busyUntil = now;
      const { idle, busy } = patienceMilliseconds;
      if (now - busyUntil > idle || now - told > idle + busy) process.exit(this.#interrupted);
    }, lookMilliseconds).unref();
  }
}
