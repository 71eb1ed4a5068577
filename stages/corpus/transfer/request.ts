import type { ReadableStream } from 'node:stream/web';
import { StageFailure } from '../../../runner/kind/index.ts';

/** What a request for the rest of a file gave. */
export type Transfer =
  | {
      readonly kind: 'body';
      /** The offset in the file at which the body begins: 0 where the server knows no ranges. */
      readonly from: number;
      /** Size of the whole file, where the server says it. */
      readonly total: number | undefined;
      readonly body: ReadableStream<Uint8Array>;
    }
  /** The range asked for begins at or after the end of the file. */
  | { readonly kind: 'nothing-left' }
  /** A state of the server that may pass. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Asks for a file from byte `offset` on. Throws StageFailure where trying again is of no use. */
export async function requestFrom(url: string, offset: number, signal: AbortSignal): Promise<Transfer> {
  // Compressed on the way, neither the offsets nor the length would be the file's.
  const headers = { 'Accept-Encoding': 'identity', ...(offset > 0 && { Range: `bytes=${offset}-` }) };
  const response = await fetch(url, { headers, signal });
  const state = `${response.status} ${response.statusText}`.trim();
  if (response.status === 416) return { kind: 'nothing-left' };
  if (response.status === 429 || response.status >= 500) {
    await response.body?.cancel();
    return { kind: 'unavailable', reason: `the server answered ${state}` };
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new StageFailure(`the server answered ${state}`, {
      place: url,
      hint: 'see whether the address is right, or name another with --url',
    });
  }
  const range = response.status === 206 ? contentRange(response.headers.get('content-range')) : undefined;
  if (response.status === 206 && range?.from !== offset) {
    await response.body.cancel();
    throw new StageFailure(`the server sent another part of the file than byte ${offset} onwards`, {
      place: url,
      hint: 'delete the .part file and run the command again',
    });
  }
  const length = response.headers.get('content-length');
  return {
    kind: 'body',
    from: range?.from ?? 0,
    total: range === undefined ? (length === null ? undefined : Number(length)) : range.total,
    body: response.body as ReadableStream<Uint8Array>,
  };
}

/** Parses `bytes 100-199/200` or `bytes 100-199/*`. */
function contentRange(header: string | null): { from: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header ?? '');
  if (match === null) return undefined;
  return { from: Number(match[1]), total: match[2] === '*' ? undefined : Number(match[2]) };
}
