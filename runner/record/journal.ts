import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Event } from '../events.ts';

/** An event with when it happened, in milliseconds since 1970. */
export interface JournalEntry {
  readonly at: number;
  readonly event: Event;
}

const flushMilliseconds = 200;
const portionBytes = 1 << 20;

/**
 * The events of a run as they happen, one JSON object a line, so that another process can follow it. Lines are written a
 * few times a second; of a stage's progress only the newest is. Never flushed to the disk: a machine that goes down takes
 * the run with it, and a journal that cannot be written must not stop a run.
 */
export class Journal {
  readonly #path: string;
  #file: number | undefined;
  #failed = false;
  #lines: string[] = [];
  readonly #progress = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  /** The file is made with the first event. */
  constructor(path: string) {
    this.#path = path;
  }

  write(event: Event): void {
    const line = `${JSON.stringify({ at: Date.now(), event } satisfies JournalEntry)}\n`;
    if (event.type === 'stage-progress') this.#progress.set(event.stage, line);
    else {
      if ('stage' in event && event.stage !== undefined) this.#keepProgress(event.stage);
      this.#lines.push(line);
    }
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#flush();
    }, flushMilliseconds);
    this.#timer.unref();
  }

  close(): void {
    this.#flush();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#failed = true;
  }

  /** In the order of events: how far a stage came is told before it ends. */
  #keepProgress(stage: string): void {
    const line = this.#progress.get(stage);
    if (line === undefined) return;
    this.#lines.push(line);
    this.#progress.delete(stage);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const stage of [...this.#progress.keys()]) this.#keepProgress(stage);
    const text = this.#lines.join('');
    this.#lines = [];
    if (text === '' || this.#failed) return;
    try {
      if (this.#file === undefined) {
        mkdirSync(dirname(this.#path), { recursive: true });
        this.#file = openSync(this.#path, 'a');
      }
      writeSync(this.#file, text);
    } catch {
      this.#failed = true;
    }
  }
}

/** Reads a journal while it is being written: each call gives what is new. */
export class JournalReader {
  readonly #path: string;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whole lines only: the last one of a run that was killed may be cut. Nothing where there is no journal. */
  read(): JournalEntry[] {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      return [];
    }
    try {
      const entries: JournalEntry[] = [];
      for (let text = this.#next(file); text !== ''; text = this.#next(file)) {
        for (const line of text.split('\n')) {
          const entry = parse(line);
          if (entry !== undefined) entries.push(entry);
        }
      }
      return entries;
    } finally {
      closeSync(file);
    }
  }

  /** As many whole lines as a portion holds, and moves on behind them. */
  #next(file: number): string {
    for (let size = portionBytes; ; size *= 2) {
      const buffer = Buffer.allocUnsafe(size);
      const length = readSync(file, buffer, 0, size, this.#offset);
      const end = buffer.lastIndexOf(0x0a, length - 1) + 1;
      if (length > 0 && end > 0) {
        this.#offset += end;
        return buffer.toString('utf8', 0, end);
      }
      if (length < size) return '';
    }
  }
}

function parse(line: string): JournalEntry | undefined {
  if (line === '') return undefined;
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null;
    return typeof entry?.event?.type === 'string' ? (entry as JournalEntry) : undefined;
  } catch {
    // Half a line that a full disk left, with another behind it.
    return undefined;
  }
}
