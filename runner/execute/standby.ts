import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endGroup, startGroup } from './processes/group.ts';
import { nodeFlags } from './processes/node-flags.ts';

/** A process that waits longer than this is worth less than the memory it holds. */
const waitMilliseconds = 5000;

/**
 * Starts the processes of stages, and one ahead of time where a job is about to come: a process takes longer to start
 * than many stages take to run. Each still does one job and ends.
 */
export class Standby {
  readonly #folder: string;
  #waiting: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `folder` is the working directory of every process. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Says that a job is about to come. */
  prepare(): void {
    if (this.#waiting !== undefined && isAlive(this.#waiting)) return;
    const child = this.#start();
    // Whether anything is left to be done must not depend on a process that does nothing.
    child.unref();
    child.channel?.unref();
    // It may be killed as any process may; that is found out when it is asked for.
    child.on('error', () => undefined);
    this.#waiting = child;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.dismiss();
    }, waitMilliseconds);
    this.#timer.unref();
  }

  /** A process that waits for its job over IPC: leader of a group of its own, its output in pipes. */
  take(): ChildProcess {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    if (waiting === undefined || !isAlive(waiting)) return this.#start();
    waiting.ref();
    waiting.channel?.ref();
    return waiting;
  }

  /** Ends the process that waits, if one does. */
  dismiss(): void {
    clearTimeout(this.#timer);
    this.#waiting?.kill('SIGKILL');
    this.#waiting = undefined;
  }

  #start(): ChildProcess {
    const host = fileURLToPath(new URL('./host.js', import.meta.url));
    const child = startGroup(process.execPath, [...nodeFlags(), host], {
      cwd: this.#folder,
      env: process.env,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.once('exit', () => void endGroup(child));
    return child;
  }
}

/** Whether a process can be given a job. */
export function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null && child.connected;
}
