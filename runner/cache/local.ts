import { randomBytes } from 'node:crypto';
import { chmodSync, constants, existsSync, lstatSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashFile } from '../fingerprint/hash.ts';
import { StageFailure } from '../kind/index.ts';
import type { Cache, Damage, Lookup, PutOptions } from './cache.ts';
import { isEntryOf } from './check-entry.ts';
import { flush, writeDurably } from './durable.ts';
import { type ArtifactFile, type CacheEntry, digestOfFiles, type StoredFile, storedFiles } from './entry.ts';

/**
 * Stored files carry this modification time, in seconds. An edit in place moves it, so a look at size and time tells an
 * untouched file without reading it.
 */
const sealedAt = 946_684_800;

/** The cache in a folder: `objects/` by digest, `keys/` by key, `rows/` by row key. */
export class LocalCache implements Cache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path(digest: string): string {
    return join(this.folder, 'objects', digest.slice(0, 2), digest);
  }

  async lookup(key: string): Promise<Lookup> {
    const { type, entry } = this.#open(key);
    if (type === 'absent') return { type: 'miss' };
    if (type === 'damaged') {
      return { type, entry: undefined, damage: [{ stage: undefined, file: 'its entry', reason: 'changed' }] };
    }
    const damage = await this.damageOf(entry);
    return damage.length === 0 ? { type: 'hit', entry } : { type: 'damaged', entry, damage };
  }

  async damageOf(entry: CacheEntry): Promise<readonly Damage[]> {
    const damage: Damage[] = [];
    for (const file of storedFiles(entry)) {
      const reason = await this.#damage(file);
      if (reason !== undefined) damage.push({ stage: entry.stage, file: file.name, reason });
    }
    return damage;
  }

  peek(key: string): Promise<Lookup> {
    return this.lookup(key);
  }

  async put(
    folder: string,
    entry: Omit<CacheEntry, 'manifest'>,
    contents: ReadonlyMap<string, string>,
    { rowsReusable = true, shape }: PutOptions = {},
  ): Promise<CacheEntry> {
    const files: ArtifactFile[] = [];
    await ownEveryFile(folder);
    for (const name of await listFiles(folder)) {
      const path = join(folder, name);
      const { size } = await stat(path);
      const digest = await this.putFile(path);
      const content = contents.get(name) ?? digest;
      files.push({ name, size, sha256: digest, content, ...shape?.files.get(name) });
    }
    const { folders = [] } = shape ?? {};
    const digest = digestOfFiles(files, folders);
    const manifest = { digest, files, ...(folders.length > 0 && { folders }) };
    const whole: CacheEntry = { ...entry, manifest };
    await this.putEntry(whole, rowsReusable);
    return whole;
  }

  /** Puts the entry of an artifact whose files are in the store. */
  async putEntry(entry: CacheEntry, rowsReusable = true): Promise<void> {
    if (entry.rows !== undefined && rowsReusable) {
      const marker = join(this.folder, 'rows', entry.rows.rowKey, 'keys', entry.key);
      await mkdir(dirname(marker), { recursive: true });
      await writeFile(marker, '');
    }
    const path = this.#keyPath(entry.key);
    await clearFor(path);
    await writeDurably(path, `${JSON.stringify(entry, null, 1)}\n`);
  }

  async putFile(path: string): Promise<string> {
    const digest = await hashFile(path);
    await this.putDigested(path, digest);
    return digest;
  }

  /** Stores a file whose digest is known. */
  async putDigested(path: string, digest: string): Promise<void> {
    const target = this.path(digest);
    const { size } = statSync(path);
    // Read again: what a disk has garbled without a trace must not win over what has just been made.
    if (isSealed(target, size) && (await hashFile(target)) === digest) {
      await rm(path);
      return;
    }
    await clearFor(target);
    await mkdir(dirname(target), { recursive: true });
    await flush(path);
    chmodSync(path, 0o444);
    utimesSync(path, sealedAt, sealedAt);
    await rename(path, target);
  }

  async *entries(): AsyncIterable<CacheEntry> {
    for (const key of await this.#keys()) {
      const entry = this.read(key);
      if (entry !== undefined) yield entry;
    }
  }

  async damagedEntries(): Promise<readonly string[]> {
    return (await this.#keys()).filter((key) => this.#open(key).type === 'damaged');
  }

  async #keys(): Promise<string[]> {
    const folder = join(this.folder, 'keys');
    const keys: string[] = [];
    for (const prefix of existsSync(folder) ? await readdir(folder) : []) {
      if (!statSync(join(folder, prefix)).isDirectory()) continue;
      const files = await readdir(join(folder, prefix));
      keys.push(...files.flatMap((file) => /^([0-9a-f]{64})\.json$/.exec(file)?.[1] ?? []));
    }
    return keys;
  }

  async withRowKey(rowKey: string): Promise<readonly CacheEntry[]> {
    const folder = join(this.folder, 'rows', rowKey, 'keys');
    if (!existsSync(folder)) return [];
    const found: { entry: CacheEntry; at: number }[] = [];
    for (const key of await readdir(folder)) {
      const entry = this.read(key);
      if (entry?.rows !== undefined) found.push({ entry, at: statSync(this.#keyPath(key)).mtimeMs });
    }
    return found
      .sort((a, b) => b.at - a.at || (a.entry.key < b.entry.key ? -1 : 1))
      .map(({ entry }) => entry);
  }

  async forget(key: string): Promise<void> {
    await rm(this.#keyPath(key), { recursive: true, force: true });
  }

  async sent(): Promise<void> {
    // Nothing leaves this machine.
  }

  async settle(): Promise<void> {
    // Nothing leaves this machine.
  }

  #keyPath(key: string): string {
    return join(this.folder, 'keys', key.slice(0, 2), `${key}.json`);
  }

  read(key: string): CacheEntry | undefined {
    return this.#open(key).entry;
  }

  #open(key: string): OpenedEntry {
    const path = this.#keyPath(key);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { type: 'absent', entry: undefined };
    // Reading a pipe or a device would never end.
    const entry = stats.isFile() ? parseJson(path) : undefined;
    return isEntryOf(key, entry) ? { type: 'whole', entry } : { type: 'damaged', entry: undefined };
  }

  /** Whether a file is in the store as it should be. */
  async has(file: StoredFile): Promise<boolean> {
    return (await this.#damage(file)) === undefined;
  }

  /** Reads the file only where its size and time leave a doubt, and seals it again if it is whole. */
  async #damage(file: StoredFile): Promise<Damage['reason'] | undefined> {
    const path = this.path(file.sha256);
    if (isSealed(path, file.size)) return undefined;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return 'missing';
    // Only a file of its size is read: a pipe or a device in its place would never end.
    if (!stats.isFile() || stats.size !== file.size) return 'changed';
    if ((await hashFile(path)) !== file.sha256) return 'changed';
    utimesSync(path, sealedAt, sealedAt);
    return undefined;
  }
}

type OpenedEntry =
  | { readonly type: 'whole'; readonly entry: CacheEntry }
  | { readonly type: 'absent'; readonly entry: undefined }
  | { readonly type: 'damaged'; readonly entry: undefined };

/** Undefined where it cannot be read, or was cut by a full disk. */
function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isSealed(path: string, size: number): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.size === size && stats.mtimeMs === sealedAt * 1000 && stats.isFile();
}

/** A rename replaces a file, and no folder: one that has come to lie where a file belongs goes first. */
async function clearFor(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) await rm(path, { recursive: true });
}

/**
 * Puts copies in the place of links, soft and hard: what is moved into the store must be nobody else's, and stay what
 * it is. Anything that is neither file, folder nor link cannot be stored.
 */
async function ownEveryFile(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await ownEveryFile(path);
    else if (entry.isSymbolicLink() || statSync(path).nlink > 1) {
      const copy = `${path}.${randomBytes(4).toString('hex')}.copy`;
      await cp(path, copy, { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE }).catch(
        (error: unknown) => {
          const hint = 'Write the file itself, or a link to one that is there.';
          throw new StageFailure(`${entry.name} is a link that leads nowhere (${String(error)})`, { hint });
        },
      );
      await rm(path);
      await rename(copy, path);
    } else if (!entry.isFile()) {
      const hint = 'An artifact is made of files and folders.';
      throw new StageFailure(`${entry.name} is neither a file nor a folder`, { hint });
    }
  }
}

/** Files below a folder, relative, sorted. */
export async function listFiles(folder: string, prefix = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await listFiles(folder, name)));
    else names.push(name);
  }
  return names.sort();
}
