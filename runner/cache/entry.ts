import type { Fingerprint } from '../fingerprint/parts.ts';
import { canonicalJson, sha256 } from '../fingerprint/hash.ts';

/** One file of an artifact. */
export interface ArtifactFile {
  /** Relative to the artifact, with forward slashes. */
  readonly name: string;
  readonly size: number;
  /** SHA-256 of its bytes: its name in the store. */
  readonly sha256: string;
  /**
   * Its part in the artifact's digest: for a table the digest of its rows, so that the key in the table's metadata does
   * not count as content; for any other file `sha256`.
   */
  readonly content: string;
}

/** What a stage made, described. */
export interface Manifest {
  /** SHA-256 over the names and contents of its files: what the keys of later stages are made of. */
  readonly digest: string;
  readonly files: readonly ArtifactFile[];
}

/** The digest of a manifest, over the names and contents of its files. */
export function digestOfFiles(files: readonly Pick<ArtifactFile, 'name' | 'content'>[]): string {
  return sha256(canonicalJson(files.map(({ name, content }) => [name, content])));
}

/** What the cache knows under a key. */
export interface CacheEntry {
  readonly key: string;
  readonly stage: string;
  readonly kind: string;
  /** The run that made it. */
  readonly run: string;
  readonly manifest: Manifest;
  readonly fingerprint: Fingerprint;
  /** Wall times and the like. */
  readonly measurements: Readonly<Record<string, number>>;
  /** For row stages: which rows the table has and what they were made from. */
  readonly rows?: {
    readonly rowKey: string;
    readonly count: number;
    /** SHA-256 of the row index in the store. */
    readonly index: string;
    readonly indexSize: number;
  };
}

/** A file of the store that an entry needs. */
export type StoredFile = Pick<ArtifactFile, 'name' | 'size' | 'sha256'>;

/** The files of its artifact and, of a row stage, the index of its rows. */
export function storedFiles({ manifest, rows }: CacheEntry): readonly StoredFile[] {
  if (rows === undefined) return manifest.files;
  return [...manifest.files, { name: 'row index', size: rows.indexSize, sha256: rows.index }];
}
