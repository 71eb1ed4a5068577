import { open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { StageFailure } from '../../../runner/kind/index.ts';
import { md5OfFile } from './checksum.ts';
import { megabytes } from './disk-space.ts';
import { requestFrom, type Transfer } from './request.ts';

export interface DownloadOptions {
  readonly url: string;
  /** Where the file goes once its checksum is right; until then it grows as `<target>.part`. */
  readonly target: string;
  /** The published MD5, in hexadecimal. */
  readonly md5: string;
  readonly signal: AbortSignal;
  /** `total` is undefined where the server does not say it. */
  readonly progress: (received: number, total: number | undefined) => void;
  /** Told before each pause that follows an interruption. */
  readonly waiting?: (reason: string, milliseconds: number) => void;
  /** Attempts that bring nothing new before it gives up, and the pause after the first of them. */
  readonly attempts?: number;
  readonly pauseMilliseconds?: number;
  /** How long a connection may bring nothing before it is taken for dead. */
  readonly stallMilliseconds?: number;
}

const ATTEMPTS = 4;
const PAUSE_MILLISECONDS = 1000;
const STALL_MILLISECONDS = 60_000;

/**
 * Downloads a file: goes on from the `.part` that an earlier call left, goes on by itself when a transfer breaks
 * off, and accepts nothing but the published checksum. Throws StageFailure where it cannot.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const part = `${options.target}.part`;
  await transferAll(part, options);
  const md5 = await md5OfFile(part, options.signal);
  if (md5 !== options.md5) {
    // Going on from wrong bytes can never end well.
    await rm(part);
    throw new StageFailure(`the file received has the MD5 ${md5}, not ${options.md5}; it was deleted`, {
      place: options.url,
      hint: 'run the command again; if this repeats, something on the way changes the file: download it elsewhere',
    });
  }
  await rename(part, options.target);
}

/** Attempt after attempt until the file is whole; only attempts in a row that bring nothing are counted. */
async function transferAll(part: string, options: DownloadOptions): Promise<void> {
  const attempts = options.attempts ?? ATTEMPTS;
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(part);
    const problem = await attempt(part, before, options);
    options.signal.throwIfAborted();
    if (problem === undefined) return;
    const received = await sizeOf(part);
    fruitless = received > before ? 0 : fruitless + 1;
    if (fruitless >= attempts) throw brokenOff(problem, received, options.url);
    const pause = (options.pauseMilliseconds ?? PAUSE_MILLISECONDS) * 2 ** fruitless;
    options.waiting?.(problem, pause);
    await sleep(pause, undefined, { signal: options.signal });
  }
}

/** One request. Returns what interrupted it, or undefined when the part is whole. */
async function attempt(
  part: string,
  received: number,
  options: DownloadOptions,
): Promise<string | undefined> {
  const stall = new Stall(options.stallMilliseconds ?? STALL_MILLISECONDS);
  const signal = AbortSignal.any([options.signal, stall.signal]);
  try {
    const transfer = await requestFrom(options.url, received, signal);
    if (transfer.kind === 'unavailable') return transfer.reason;
    if (transfer.kind === 'nothing-left') {
      // The part is whole, or longer than the file: the checksum decides, and a wrong one deletes it.
      return undefined;
    }
    return await append(part, transfer, stall, options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof StageFailure || isDiskError(error)) throw asDiskFailure(error, part);
    if (isHopeless(error)) throw brokenOff(reasonOf(error), received, options.url);
    return stall.signal.aborted ? 'the connection brought nothing for too long' : reasonOf(error);
  } finally {
    stall.clear();
  }
}

async function append(
  part: string,
  transfer: Extract<Transfer, { kind: 'body' }>,
  stall: Stall,
  options: DownloadOptions,
): Promise<string | undefined> {
  let received = transfer.from;
  options.progress(received, transfer.total);
  const file = await open(part, transfer.from === 0 ? 'w' : 'a');
  try {
    // Chunk by chunk rather than by a stream, which drops what it holds when the connection breaks.
    for await (const chunk of transfer.body) {
      stall.postpone();
      await file.appendFile(chunk);
      received += chunk.length;
      options.progress(received, transfer.total);
    }
  } finally {
    await file.close();
  }
  const short = transfer.total !== undefined && received < transfer.total;
  return short ? `the server ended the transfer at ${megabytes(received)}` : undefined;
}

/** A signal that fires when `postpone` was not called for a while. */
class Stall {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(milliseconds: number) {
    this.timer = setTimeout(() => {
      this.controller.abort();
    }, milliseconds);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  postpone(): void {
    this.timer.refresh();
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}

function brokenOff(reason: string, received: number, url: string): StageFailure {
  const host = URL.canParse(url) ? new URL(url).host : url;
  return received === 0
    ? new StageFailure(`nothing could be downloaded: ${reason}`, {
        place: url,
        hint: `check the connection to ${host}, and run the command again`,
      })
    : new StageFailure(`the transfer broke off at ${megabytes(received)}: ${reason}`, {
        place: url,
        hint: 'run the command again: it goes on from there',
      });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

function isDiskError(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EISDIR', 'ENOENT'].includes(codeOf(error) ?? '');
}

/** Whether nobody is there to answer: no such host, or none that listens. */
function isHopeless(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return ['ENOTFOUND', 'ECONNREFUSED'].includes(codeOf(cause) ?? '');
}

function asDiskFailure(error: unknown, path: string): Error {
  if (error instanceof StageFailure) return error;
  const message = `cannot write the file: ${reasonOf(error)}`;
  return new StageFailure(message, { place: path, hint: 'free some space, or name another folder' });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** fetch says "fetch failed" and keeps the reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? error.cause.message || (codeOf(error.cause) ?? error.message)
    : error.message;
}
