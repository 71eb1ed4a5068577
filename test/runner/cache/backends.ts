import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openStore } from '../../../runner/cache/shared/open.ts';
import type { ObjectStore } from '../../../runner/cache/store/object-store.ts';
import { parseCacheAddress } from '../../../runner/config/cache-address.ts';
import { credentials, s3Servers } from '../../support/s3-servers.ts';

/** Something that holds objects, for as long as the tests of one `describe` last. */
export interface Backend {
  readonly name: string;
  /** Why it is not there. */
  readonly reason: string | null;
  start(): Promise<RunningBackend>;
}

export interface RunningBackend {
  /** Another empty place on it at each call. */
  readonly newAddress: () => string;
  readonly stop: () => Promise<void>;
}

const folders: Backend = {
  name: 'a folder',
  reason: null,
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'store-'));
    return {
      newAddress: counting((number) => makeFolder(join(folder, `${number}`))),
      stop: () => remove(folder),
    };
  },
};

export const backends: readonly Backend[] = [
  folders,
  ...s3Servers.map((kind) => ({
    name: `S3 by ${kind.name}`,
    reason: kind.reason,
    async start() {
      Object.assign(process.env, credentials);
      const { endpoint, bucket, stop } = await kind.start();
      return {
        newAddress: counting((number) => `s3://${bucket}/prefix/${number}?endpoint=${endpoint}`),
        stop,
      };
    },
  })),
];

/** `describe`, or `describe.skip` with the reason in its title. */
export function titleOf({ name, reason }: Backend): string {
  return reason === null ? name : `${name} (skipped: ${reason})`;
}

export function storeAt(address: string): ObjectStore {
  const parsed = parseCacheAddress(address);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const store = openStore(parsed, { folder: '/', home: resolve('.') });
  if (!store.ok) throw new Error(store.problems[0].message);
  return store.value;
}

function counting(make: (number: number) => string): () => string {
  let number = 0;
  return () => make((number += 1));
}

function makeFolder(folder: string): string {
  mkdirSync(folder);
  return folder;
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true });
}
