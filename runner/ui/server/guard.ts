import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** 192 bits, in letters that stand in an address as they are. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Where files of artifacts lie for who has a pass to one of them, in the place of the token. */
const shown = 'shown';

/** A file of an artifact. */
export interface ShownFile {
  readonly key: string;
  readonly file: string;
}

/**
 * The address, from its first slash, at which a page that a stage wrote is opened. Such a page can read its own address
 * and, by leading elsewhere, tell it to others: what stands in it opens that file and nothing else.
 */
export function addressShown(token: string, { key, file }: ShownFile): string {
  return `/${shown}/${passTo(token, { key, file })}/${key}/${encodeURIComponent(file)}`;
}

function passTo(token: string, { key, file }: ShownFile): string {
  return createHmac('sha256', token)
    .update(JSON.stringify([key, file]))
    .digest('base64url');
}

export type Admission =
  | { readonly type: 'admitted'; readonly url: URL }
  /** To one file alone. */
  | { readonly type: 'shown'; readonly file: ShownFile }
  | { readonly type: 'refused'; readonly status: number };

/**
 * Lets a request in that can only come from who was given the address: it names this server as its host (a page of
 * another name that resolves to this machine does not), has the token as the first part of its path, and was not
 * sent by a page of another origin. The url of one admitted is what lies behind the token.
 */
export function admit(
  request: Pick<IncomingMessage, 'headers' | 'url'>,
  own: { readonly port: number; readonly token: string },
): Admission {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${own.port}`, `localhost:${own.port}`];
  if (host === undefined || !hosts.includes(host)) return { type: 'refused', status: 421 };
  if (origin !== undefined && origin !== `http://${host}`) return { type: 'refused', status: 403 };
  const site = request.headers['sec-fetch-site'];
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
    return { type: 'refused', status: 403 };
  }
  const [, token, rest] = /^\/([^/?#]*)(.*)$/s.exec(request.url ?? '') ?? [];
  const file = token === shown ? fileShown(rest, own.token) : undefined;
  if (file !== undefined) return { type: 'shown', file };
  if (token === undefined || !equal(token, own.token)) return { type: 'refused', status: 403 };
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return URL.canParse(path, `http://${host}`)
    ? { type: 'admitted', url: new URL(path, `http://${host}`) }
    : { type: 'refused', status: 400 };
}

function fileShown(rest: string, token: string): ShownFile | undefined {
  const [, pass, key, name] = /^\/([\w-]+)\/(\w+)\/([^/?#]+)$/.exec(rest) ?? [];
  if (name === undefined) return undefined;
  try {
    const file = { key, file: decodeURIComponent(name) };
    return equal(pass, passTo(token, file)) ? file : undefined;
  } catch {
    // It is not encoded as addresses are.
    return undefined;
  }
}

/** In a time that tells nothing of where they differ. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
