import { readdirSync, statSync } from 'node:fs';
import { lockHolder } from '../../execute/lock.ts';
import { type JournalEntry, JournalReader } from '../../record/journal.ts';
import type { RunRecords } from '../../record/runs.ts';
import { ended, follow, type LiveRun, newRun } from '../model/live-run.ts';

export interface FollowerOptions {
  readonly runs: RunRecords;
  readonly lockPath: string;
  /** Whether this process started a run. */
  readonly owns: (run: string) => boolean;
  /** A run has begun, or has ended without a word. */
  readonly onRun: (run: LiveRun) => void;
  readonly onEntries: (run: LiveRun, entries: readonly JournalEntry[]) => void;
  readonly onEnd: (run: LiveRun) => void;
}

interface Followed {
  readonly reader: JournalReader;
  live: LiveRun;
  shown: boolean;
}

const pollMilliseconds = 150;
const idleMilliseconds = 400;
/** A clock of files may be coarse: for so long after a change a second one may look the same. */
const unsureMilliseconds = 2000;

/**
 * Follows the runs of a workspace by their journals, whichever process runs them. New runs are noticed by their folders;
 * a run that holds no lock and has not told its end was killed.
 */
export class RunFollower {
  readonly #options: FollowerOptions;
  readonly #followed = new Map<string, Followed>();
  #known: Set<string> | undefined;
  #changedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  start(): void {
    this.poll();
    this.#timer = setTimeout(
      () => {
        this.start();
      },
      this.#followed.size > 0 ? pollMilliseconds : idleMilliseconds,
    );
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Looks once for what is new. */
  poll(): void {
    this.#discover();
    for (const [id, followed] of this.#followed) this.#advance(id, followed);
  }

  #discover(): void {
    const { runs, lockPath } = this.#options;
    const stats = statSync(runs.folder, { throwIfNoEntry: false });
    const changedMs = stats?.mtimeMs ?? 0;
    const first = this.#known === undefined;
    if (!first && changedMs === this.#changedMs && Date.now() - changedMs > unsureMilliseconds) return;
    this.#changedMs = changedMs;
    const ids = stats === undefined ? [] : readdirSync(runs.folder).sort();
    const holder = lockHolder(lockPath);
    for (const id of ids) {
      // Of the runs there were before only the one under way is followed.
      if (first ? holder?.run !== id : this.#known!.has(id)) continue;
      const given = { own: false, ...(holder?.run === id && { command: holder.command }) };
      this.#followed.set(id, {
        reader: new JournalReader(runs.journalPath(id)),
        live: newRun(id, given, Date.now()),
        shown: false,
      });
    }
    this.#known = new Set(ids);
  }

  #advance(id: string, followed: Followed): void {
    const { runs, lockPath, onRun, onEntries, onEnd } = this.#options;
    // In this order: a run lets go of the lock only when its journal is whole.
    const alive = lockHolder(lockPath)?.run === id;
    const entries = followed.reader.read();
    for (const entry of entries) followed.live = follow(followed.live, entry);
    if (entries.length > 0) {
      // Known by now: a run is told of here before its journal is.
      if (!followed.shown) followed.live = { ...followed.live, own: this.#options.owns(id) };
      if (followed.live.command === undefined) {
        const command = runs.read(id)?.command;
        if (command !== undefined) followed.live = { ...followed.live, command };
      }
      if (followed.shown) onEntries(followed.live, entries);
      else onRun(followed.live);
      followed.shown = true;
    }
    if (alive && followed.live.state === 'running') return;
    this.#followed.delete(id);
    if (followed.live.state === 'running') {
      // A folder without a journal is no run that could be shown.
      if (!followed.shown) return;
      followed.live = ended(followed.live, 'lost', Date.now());
      onRun(followed.live);
    }
    onEnd(followed.live);
  }
}
