import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDuration } from './quantities.ts';
import { listed, nearest } from './suggest.ts';

/** Where a shared cache lies, and how it is to be used. */
export interface CacheAddress {
  /** As it was written, without what `?` brings. */
  readonly name: string;
  readonly place:
    | { readonly type: 'folder'; readonly folder: string }
    | {
        readonly type: 's3';
        readonly bucket: string;
        /** Without slashes at its ends; may be empty. */
        readonly prefix: string;
        readonly endpoint: string | undefined;
        readonly region: string | undefined;
      };
  /** False where results are taken from it and none are sent to it. */
  readonly write: boolean;
  /** How long it may be silent before it counts as unavailable. */
  readonly timeoutSeconds: number;
}

/** In the place of an address: no shared cache, though a file or the environment names one. */
export const noCache = 'none';

const options = {
  all: ['access', 'timeout'],
  s3: ['endpoint', 'region'],
} as const;

const forms = 's3://bucket/prefix, file:///folder or the path of a folder';

/** Gives what is wrong, in words that follow on `cache`, in the place of an address that is none. */
export function parseCacheAddress(text: string): CacheAddress | { readonly problem: string } {
  const [, name, query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(text) ?? [];
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(name)?.[1].toLowerCase();
  if (name === '') return { problem: `must be ${forms}` };
  if (scheme !== undefined && scheme !== 's3' && scheme !== 'file') {
    return { problem: `must be ${forms}; ${scheme}: is none of these` };
  }
  const settings = new URLSearchParams(query);
  const known: readonly string[] = scheme === 's3' ? [...options.all, ...options.s3] : options.all;
  for (const key of settings.keys()) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const way = near === undefined ? `there are: ${listed(known)}` : `did you mean ${near}?`;
    return { problem: `must have no option ${key}; ${way}` };
  }
  const access = settings.get('access') ?? 'write';
  if (access !== 'read' && access !== 'write') return { problem: 'must have access=read or access=write' };
  const timeoutSeconds = parseDuration(settings.get('timeout') ?? '20s');
  if (timeoutSeconds === undefined || timeoutSeconds <= 0)
    return { problem: 'must have a timeout such as 20s' };
  const place = scheme === 's3' ? parseBucket(name, settings) : parseFolder(name, scheme === 'file');
  if ('problem' in place) return place;
  return { name, place, write: access === 'write', timeoutSeconds };
}

function parseBucket(name: string, settings: URLSearchParams): CacheAddress['place'] | { problem: string } {
  const [, bucket, path = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/is.exec(name) ?? [];
  // The names that S3 allows for buckets.
  if (bucket === undefined || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    return { problem: 'must name a bucket, as in s3://bucket/prefix' };
  }
  const endpoint = settings.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !isWebAddress(endpoint)) {
    return { problem: 'must have an endpoint such as https://s3.example.org' };
  }
  const prefix = path.replace(/^\/+|\/+$/g, '');
  return { type: 's3', bucket, prefix, endpoint, region: settings.get('region') ?? undefined };
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function parseFolder(name: string, isUrl: boolean): CacheAddress['place'] | { problem: string } {
  if (!isUrl) return { type: 'folder', folder: name };
  try {
    return { type: 'folder', folder: fileURLToPath(name) };
  } catch {
    return { problem: 'must name a folder of this machine, as in file:///mnt/lab/cache' };
  }
}

/** The folder of a cache; a relative one lies where pipeline.yaml does. */
export function cacheFolder(folder: string, workspace: string): string {
  return isAbsolute(folder) ? folder : join(workspace, folder);
}
