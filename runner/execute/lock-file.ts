import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { LockHolder } from '../events.ts';
import { type Holder, isAlive, ownHolder, parseHolder } from './lock-holder.ts';

/** So long may the heartbeat of a holder be silent that cannot be seen from here. It beats every two seconds. */
const deadAfterMilliseconds = 30_000;

/** So long may a lock be of no sense: a power cut leaves such, and so may a copy that is not whole yet. */
export const senselessForMilliseconds = 10_000;

export interface Taken {
  readonly type: 'taken';
  /** Whose lock it was until now. */
  readonly dead?: Holder;
}

export type Attempt =
  | Taken
  | { readonly type: 'held'; readonly holder?: Holder }
  | { readonly type: 'unreadable'; holder?: never };

/** What stands in a lock's file. */
interface Found {
  /** Tells this lock from every later one of the same path. */
  readonly id: string;
  readonly holder: Holder | undefined;
  readonly mtimeMs: number;
}

/**
 * The file of a lock, which is always written whole under another name and then linked to its own, so that it is there or
 * not there, and of several that ask one gets it.
 *
 * A lock whose holder is dead is succeeded under a second lock, named after the dead one: `lock.after.ID`. Only who has
 * that may replace the dead one, so that nobody removes the lock of one that was faster. Should its holder die in turn, it
 * is succeeded in the same way.
 */
export class LockFile {
  readonly path: string;
  readonly #own: Holder;
  readonly #temporary: string;
  /** Since when a lock has looked the same to this process, whatever the clocks say. */
  readonly #seen = new Map<string, { readonly looks: string; readonly since: number }>();

  constructor(path: string, about: Pick<LockHolder, 'run' | 'command' | 'since'>) {
    this.path = path;
    this.#own = ownHolder(about, randomBytes(8).toString('hex'));
    this.#temporary = `${path}.${this.#own.id}`;
  }

  /** Takes the lock where nobody alive holds it. */
  take(): Attempt {
    try {
      return this.#take(this.path);
    } finally {
      rmSync(this.#temporary, { force: true });
    }
  }

  /** False where somebody else has it. One that was removed is put back. */
  isStillHeld(): boolean {
    try {
      const found = look(this.path);
      if (found !== undefined) return found.id === this.#own.id;
      mkdirSync(dirname(this.path), { recursive: true });
      return this.take().type === 'taken';
    } catch {
      // Where nothing can be written any more, neither can another run.
      return true;
    }
  }

  /** Removes the lock, unless it is somebody else's by now. */
  remove(): void {
    this.#remove(this.path);
  }

  #take(path: string): Attempt {
    const now = this.#write();
    if (this.#create(path)) return { type: 'taken' };
    const found = look(path);
    if (found === undefined) return { type: 'held' };
    const silence = Math.max(now - found.mtimeMs, this.#unchangedFor(path, found));
    if (!isDead(found, () => silence)) {
      return found.holder === undefined ? { type: 'unreadable' } : { type: 'held', holder: found.holder };
    }
    const claim = `${path}.after.${found.id}`;
    if (this.#take(claim).type !== 'taken') return { type: 'held' };
    try {
      if (look(path)?.id !== found.id) return { type: 'held' };
      this.#write();
      renameSync(this.#temporary, path);
      return { type: 'taken', ...(found.holder !== undefined && { dead: found.holder }) };
    } finally {
      this.#remove(claim);
    }
  }

  /** Writes the lock under its other name. Returns the time by the clock of the file system: those of hosts differ. */
  #write(): number {
    writeFileSync(this.#temporary, JSON.stringify(this.#own));
    return statSync(this.#temporary).mtimeMs;
  }

  #create(path: string): boolean {
    try {
      linkSync(this.#temporary, path);
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      // A network file system may have done it and lost the answer.
      if (code === 'EEXIST') return statSync(this.#temporary).nlink === 2 && look(path)?.id === this.#own.id;
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
      return this.#copy(path);
    }
  }

  /** On file systems without hard links. */
  #copy(path: string): boolean {
    try {
      copyFileSync(this.#temporary, path, constants.COPYFILE_EXCL);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  #remove(path: string): void {
    if (look(path)?.id === this.#own.id) rmSync(path, { force: true });
  }

  #unchangedFor(path: string, { id, mtimeMs }: Found): number {
    const looks = `${id} ${mtimeMs}`;
    const now = performance.now();
    const before = this.#seen.get(path);
    if (before?.looks === looks) return now - before.since;
    this.#seen.set(path, { looks, since: now });
    return 0;
  }
}

/** Who holds the lock of a path, if anyone alive does. Takes nothing. */
export function holderIn(path: string): Holder | undefined {
  const found = look(path);
  if (found?.holder === undefined || isDead(found, () => clockOf(path) - found.mtimeMs)) return undefined;
  return found.holder;
}

/** `silence` says for how many milliseconds its heartbeat has been. */
function isDead({ holder }: Found, silence: () => number): boolean {
  if (holder === undefined) return silence() > senselessForMilliseconds;
  const alive = isAlive(holder);
  return alive === undefined ? silence() > deadAfterMilliseconds : !alive;
}

/** Undefined where there is none. It is opened, so that a network file system asks its server anew. */
function look(path: string): Found | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(file);
    const holder = stats.isFile() ? parseHolder(readFileSync(file, 'utf8')) : undefined;
    return { id: holder?.id ?? `${stats.ino}-${stats.mtimeMs}`, holder, mtimeMs: stats.mtimeMs };
  } finally {
    closeSync(file);
  }
}

/** The time by the clock of a file's file system, where anything can be written there. */
function clockOf(path: string): number {
  const probe = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    writeFileSync(probe, '');
    return statSync(probe).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    rmSync(probe, { force: true });
  }
}
