import { posix, sep } from 'node:path';
import { type ArtifactFolder, type CacheEntry, digestOfFiles } from './entry.ts';

/** File systems take names of at most so many bytes. */
const longestName = 255;

/**
 * Whether a value read as JSON is the entry of a key, whole: every part is there with its type, the names are those of
 * files that can lie in one folder, and the digest of the artifact is that of its files. What a disk, a full disk or a
 * hand has left instead must never be believed, and never end a run.
 */
export function isEntryOf(key: string, value: unknown): value is CacheEntry {
  if (!isRecord(value) || value.key !== key || !isRecord(value.manifest)) return false;
  const { manifest, rows } = value;
  return (
    ['stage', 'kind', 'run'].every((part) => typeof value[part] === 'string') &&
    isRecordOf(value.fingerprint, (part) => typeof part === 'string') &&
    isRecordOf(value.measurements, (part) => typeof part === 'number' || part === null) &&
    Array.isArray(manifest.files) &&
    manifest.files.every(isFile) &&
    (manifest.folders === undefined ||
      (Array.isArray(manifest.folders) && manifest.folders.every(isFolder))) &&
    canLieTogether(
      manifest.files.map(({ name }) => name),
      manifest.folders ?? [],
    ) &&
    manifest.digest === digestOfFiles(manifest.files, manifest.folders) &&
    (rows === undefined ||
      (isRecord(rows) &&
        isDigest(rows.rowKey) &&
        isDigest(rows.index) &&
        isCount(rows.count) &&
        isCount(rows.indexSize) &&
        manifest.files.some(({ name }) => name === 'table.arrow')))
  );
}

function isFile(file: unknown): file is CacheEntry['manifest']['files'][number] {
  return (
    isRecord(file) &&
    typeof file.name === 'string' &&
    isFileName(file.name) &&
    isCount(file.size) &&
    isDigest(file.sha256) &&
    isDigest(file.content) &&
    hasRights(file)
  );
}

function isFolder(folder: unknown): folder is ArtifactFolder {
  return isRecord(folder) && typeof folder.name === 'string' && isFileName(folder.name) && hasRights(folder);
}

/** A link that leads out of the artifact could have what lies there written over. */
function hasRights({ name, mode, link }: Record<string, unknown>): boolean {
  if (mode !== undefined && !(isCount(mode) && (mode as number) <= 0o777)) return false;
  if (link === undefined) return true;
  if (typeof link !== 'string' || link === '' || link.includes('\0') || posix.isAbsolute(link)) return false;
  const end = posix.join(posix.dirname(name as string), link);
  return end !== '..' && !end.startsWith('../');
}

/** A path relative to the artifact: one that leads out of it, or that no file system takes, is not a name. */
function isFileName(name: string): boolean {
  if (name.includes('\0') || (sep === '\\' && /\\|^[A-Za-z]:/.test(name))) return false;
  return name
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= longestName);
}

/** No name stands twice, and none is a file in one name and a folder in another: `a` and `a/b`. */
function canLieTogether(files: readonly string[], folders: readonly ArtifactFolder[]): boolean {
  const names = [...files, ...folders.map(({ name }) => name)];
  // Nothing lies in a file, nor in what is a link to elsewhere.
  const ends = new Set([...files, ...folders.flatMap(({ name, link }) => (link === undefined ? [] : name))]);
  if (new Set(names).size !== names.length) return false;
  return names.every((name) => {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      if (ends.has(name.slice(0, at))) return false;
    }
    return true;
  });
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordOf(value: unknown, is: (part: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(is);
}
