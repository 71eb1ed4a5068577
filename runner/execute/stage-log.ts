import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A stage that prints for ever must not fill the disk. */
const largest = 64 << 20;
const tailBytes = 16 << 10;
const tailLines = 20;

/** What a stage prints: kept in a file up to a limit, its last lines in memory. */
export class StageLog {
  readonly #handle: FileHandle;
  #written = 0;
  #dropped = 0;
  #tail = '';
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(path: string): Promise<StageLog> {
    await mkdir(dirname(path), { recursive: true });
    return new StageLog(await open(path, 'a'));
  }

  write(chunk: Buffer): void {
    this.#tail = (this.#tail + chunk.toString('utf8')).slice(-tailBytes);
    const kept = chunk.subarray(0, Math.max(0, largest - this.#written));
    this.#dropped += chunk.length - kept.length;
    this.#written += kept.length;
    // A full disk must not stop the stage for the sake of its chatter.
    if (kept.length > 0)
      this.#writing = this.#writing.then(() => this.#handle.write(kept)).catch(() => undefined);
  }

  /** Closes the file and returns the last lines. */
  async close(): Promise<readonly string[]> {
    await this.#writing;
    if (this.#dropped > 0) {
      const note = `\n… ${this.#dropped} more bytes were not kept. The last of them:\n${this.#tail}`;
      await this.#handle.write(note).catch(() => undefined);
    }
    await this.#handle.close();
    return this.#tail
      .trimEnd()
      .split('\n')
      .slice(-tailLines)
      .filter((line, _at, all) => all.length > 1 || line !== '');
  }
}
