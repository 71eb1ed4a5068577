import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { ownMarks } from './mark.ts';

/**
 * What the guard does, in sh, which starts in a millisecond. Its standard input is a pipe from this process: it ends when
 * this process does, however that comes about, and then all groups that are still known are killed, and with them
 * whatever bears a mark ($1) and has left its group. Until then it touches the locks that this process holds, so that a
 * holder that is stopped or busy is not taken for dead. It leads a session of its own, so that what a terminal sends to
 * this process does not reach it.
 */
const script = `
mark=$1; shift; groups=; beat=
beats() {
  [ -z "$beat" ] || kill -KILL "$beat"
  beat=
  [ $# = 0 ] && return
  (while sleep 2 && kill -0 $$; do touch -c -- "$@"; done) 2>/dev/null &
  beat=$!
}
trap '' HUP INT QUIT TERM PIPE TSTP
while read -r what value; do
  case $what in
    began) groups="$groups $value" ;;
    ended)
      kept=
      for group in $groups; do [ "$group" = "$value" ] || kept="$kept $group"; done
      groups=$kept ;;
    holds) path=$(printf '%b.' "$value"); set -- "$@" "\${path%.}"; beats "$@" ;;
    leaves)
      path=$(printf '%b.' "$value"); path=\${path%.}
      for held; do shift; [ "$held" = "$path" ] || set -- "$@" "$held"; done
      beats "$@" ;;
  esac
done
quiet=0 round=0
while [ -n "$groups" ] && [ $quiet -lt 2 ] && [ $round -lt 200 ]; do
  for group in $groups; do [ "$group" = - ] || kill -KILL -- "-$group"; done 2>/dev/null
  found=$(grep -lsF -- "$mark" /proc/[0-9]*/environ)
  for file in $found; do id=\${file#/proc/}; kill -KILL "\${id%/environ}"; done 2>/dev/null
  if [ -n "$found" ]; then quiet=0; else quiet=$((quiet + 1)); fi
  round=$((round + 1))
  sleep 0.05
done
kill -KILL 0
`;

/** So often is a guard that was killed started anew. */
const startsAtMost = 20;

/** Stands for a process that is about to start. */
const unknown = '-';

/**
 * Watches over this process from another one, for what this one cannot do once it is dead. There is one a process, which
 * starts when there is something to guard.
 */
class Guard {
  #child: (ChildProcess & { readonly stdin: Writable }) | undefined;
  #starts = 0;
  readonly #groups = new Set<number>();
  readonly #locks = new Set<string>();

  /**
   * Starts what leads a group of its own. Whatever happens meanwhile, it is known: its environment bears a mark of this
   * process.
   */
  start<Started extends { readonly pid?: number | undefined }>(begin: () => Started): Started {
    this.#tell(`began ${unknown}`);
    try {
      const started = begin();
      if (started.pid !== undefined) {
        this.#groups.add(started.pid);
        this.#tell(`began ${started.pid}`);
      }
      return started;
    } finally {
      this.#tell(`ended ${unknown}`);
    }
  }

  /** Whether nothing lives that this process has started. */
  get idle(): boolean {
    return this.#groups.size === 0;
  }

  /** Nothing is left of a group. */
  ended(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`ended ${group}`);
  }

  /** Keeps a lock fresh. */
  holds(lock: string): void {
    this.#locks.add(lock);
    this.#tell(`holds ${octal(lock)}`);
  }

  leaves(lock: string): void {
    if (this.#locks.delete(lock)) this.#tell(`leaves ${octal(lock)}`);
  }

  /** Ends it, so that not even the guard outlives this process. It starts again where it is needed again. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners('exit');
    child.ref();
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
  }

  #tell(line: string): void {
    this.#child ??= this.#open();
    this.#child.stdin.write(`${line}\n`);
  }

  #open(): ChildProcess & { readonly stdin: Writable } {
    this.#starts += 1;
    const child = spawn('/bin/sh', ['-c', script, 'pipeline-guard', ownMarks], {
      cwd: '/',
      // None of a run around this one: it must be the last to go.
      env: { PATH: process.env.PATH ?? '' },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    // That it was killed is seen by its end.
    child.stdin.on('error', () => undefined);
    child.on('error', () => undefined);
    child.once('exit', () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      if (this.#starts >= startsAtMost) return;
      for (const group of this.#groups) this.#tell(`began ${group}`);
      for (const lock of this.#locks) this.#tell(`holds ${octal(lock)}`);
    });
    return child;
  }
}

export const guard = new Guard();

/** A path as one word of ASCII, in the escapes that printf reads. */
function octal(path: string): string {
  return [...Buffer.from(path)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[\w./-]/.test(letter) ? letter : `\\0${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
}
