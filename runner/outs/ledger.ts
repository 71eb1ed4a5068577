import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../cache/durable.ts';
import type { Manifest } from '../cache/entry.ts';
import { hashFile } from '../fingerprint/hash.ts';
import { sameStamp, type Stamp } from '../fingerprint/stat.ts';
import { type Standing, standingAt } from './standing.ts';

/** A file or link that a stage made, or that was put back for it. */
export interface Made {
  readonly stamp: Stamp;
  readonly link?: string;
  /** Of what is an artifact's; of what a failed command left it is not known. */
  readonly sha256?: string;
  readonly mode?: number;
}

interface State {
  readonly format: 2;
  /** By path, relative to the workspace. */
  readonly made: Record<string, Made>;
  /** Outs of commands that are at work, and of those whose run was killed: by out, the run. */
  readonly running: Record<string, string>;
}

/**
 * Remembers what commands made where they write their outs: only that, and only while nobody has edited it, may be
 * removed or replaced.
 */
export class OutLedger {
  readonly workspace: string;
  readonly #file: string;
  #made = new Map<string, Made>();
  #running = new Map<string, string>();
  #isSaved = true;
  #saving = Promise.resolve();

  constructor(workspace: string, file: string) {
    this.workspace = workspace;
    this.#file = file;
    this.reload();
  }

  /** Once the lock is taken: another run may have made something meanwhile. */
  reload(): void {
    const { made, running } = read(this.#file);
    this.#made = new Map(Object.entries(made));
    this.#running = new Map(Object.entries(running));
  }

  get(name: string): Made | undefined {
    return this.#made.get(name);
  }

  set(name: string, made: Made): void {
    this.#made.set(name, made);
    this.#isSaved = false;
  }

  forget(name: string): void {
    this.#made.delete(name);
    this.#isSaved = false;
  }

  /** What stands at outs and was made there, by absolute path, with the stamps that it was given. */
  stamps(outs: readonly string[]): [string, Stamp][] {
    return outs.flatMap((out) =>
      Array.from(standingAt(this.workspace, out)).flatMap(({ name }): [string, Stamp][] => {
        const made = this.#made.get(name);
        return made === undefined ? [] : [[join(this.workspace, name), made.stamp]];
      }),
    );
  }

  /** Whether the run that last made an out was killed, so that nobody knows what of it is the command's. */
  wasKilled(out: string): boolean {
    return this.#running.has(out);
  }

  /** Whether a stage made what stands there, and nobody has edited it. A folder is what is in it. */
  async owns({ name, type, stamp, link, path }: Standing): Promise<boolean> {
    if (type === 'folder') return true;
    const made = this.#made.get(name);
    if (made === undefined) return false;
    if (sameStamp(made.stamp, stamp)) return true;
    // The workspace itself was copied, say: this is another file of the same content.
    const same =
      type === 'link'
        ? made.link !== undefined && made.link === link
        : type === 'file' && made.sha256 !== undefined && (await hashFile(path)) === made.sha256;
    if (same) this.set(name, { ...made, stamp });
    return same;
  }

  /** Before a command starts: what stands at its outs from now on is its own, or nobody knows whose. */
  async begin(outs: readonly string[], run: string): Promise<void> {
    for (const out of outs) this.#running.set(out, run);
    this.#isSaved = false;
    await this.save();
  }

  /** After a command has ended, in whatever way: what stands at its outs is its own. */
  async end(outs: readonly string[]): Promise<void> {
    for (const out of outs) {
      this.#running.delete(out);
      for (const { name, type, stamp, link } of standingAt(this.workspace, out)) {
        if (type !== 'folder') this.#made.set(name, { stamp, ...(link !== undefined && { link }) });
      }
    }
    this.#isSaved = false;
    await this.save();
  }

  /** Once what it left is the artifact of a stage: what its files hold is known. */
  learn({ files }: Manifest): void {
    for (const { name, sha256, mode, link } of files) {
      const made = this.#made.get(name);
      // In the place of a link that leads elsewhere, the artifact has what lies there.
      if (made === undefined || made.link !== link) continue;
      this.set(name, { ...made, sha256, ...(mode !== undefined && { mode }) });
    }
  }

  /** Nobody knows any more whose these were: what stood there has been moved away. */
  settle(outs: readonly string[]): void {
    for (const out of outs) this.#running.delete(out);
    this.#isSaved = false;
  }

  /** Writes it down if anything is new. */
  save(): Promise<void> {
    if (this.#isSaved) return this.#saving;
    this.#isSaved = true;
    // One after the other: an older state must not be written over a newer one.
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(() => {
        const state: State = {
          format: 2,
          made: Object.fromEntries(this.#made),
          running: Object.fromEntries(this.#running),
        };
        return writeDurably(this.#file, JSON.stringify(state));
      });
    return this.#saving;
  }
}

function read(file: string): Omit<State, 'format'> {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<State>;
    if (state.format === 2 && state.made !== undefined && state.running !== undefined) {
      return { made: state.made, running: state.running };
    }
  } catch {
    // Absent or cut: what stands at outs is then recognised by its content, or is nobody's.
  }
  return { made: {}, running: {} };
}
