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
  /** Rights, of a command's out, where they are not the usual ones; see `rights.ts`. */
  readonly mode?: number;
  /** Of a command's out that is a link within the outs: where it leads, as the link says it. The bytes are those there. */
  readonly link?: string;
}

/** A folder of a command's outs that no file tells of: an empty one, one with rights of its own, a link to another. */
export interface ArtifactFolder {
  readonly name: string;
  readonly mode?: number;
  readonly link?: string;
}

/** What of an artifact is more than the names and bytes of its files. */
export interface ArtifactShape {
  /** By name. */
  readonly files: ReadonlyMap<string, Pick<ArtifactFile, 'mode' | 'link'>>;
  readonly folders: readonly ArtifactFolder[];
}

/** What a stage made, described. */
export interface Manifest {
  /** SHA-256 over all that is said below: what the keys of later stages are made of. */
  readonly digest: string;
  readonly files: readonly ArtifactFile[];
  readonly folders?: readonly ArtifactFolder[];
}

/** The digest of a manifest, over names, contents, rights and links. */
export function digestOfFiles(
  files: readonly Pick<ArtifactFile, 'name' | 'content' | 'mode' | 'link'>[],
  folders: readonly ArtifactFolder[] = [],
): string {
  const plain = files.map((file): unknown[] => {
    const { name, content, mode, link } = file;
    const shape: Pick<ArtifactFile, 'mode' | 'link'> = {
      ...(mode !== undefined && { mode }),
      ...(link !== undefined && { link }),
    };
    return Object.keys(shape).length === 0 ? [name, content] : [name, content, shape];
  });
  return sha256(canonicalJson(folders.length === 0 ? plain : { files: plain, folders }));
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
