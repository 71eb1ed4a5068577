import { z } from 'zod';
import { canonicalJson, sha256 } from '../../fingerprint/hash.ts';

/** Raised when an older pipeline could not read what this one writes. */
export const exportFormat = 2;

/** A path in the folder: none that leads out of it. */
const path = z
  .string()
  .refine((name) => name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), {
    error: 'not a path in the folder',
  })
  .refine((name) => !/[\\\0]|^[A-Za-z]:/.test(name), { error: 'not a path in the folder' });

const link = z.object({
  key: z.string(),
  stage: z.string(),
  type: z.enum(['source', 'row', 'model']),
  kind: z.string(),
  /** Where params name files, their paths are relative to the folder, and listed in `files`. */
  params: z.record(z.string(), z.unknown()),
  files: z.array(path),
  /** The folder of the bundle. */
  bundle: path,
  packages: z.record(z.string(), z.string()),
  inputs: z.record(z.string(), z.array(z.string())),
  /** Paths in the folder by the file's name in the artifact. */
  artifact: z.record(z.string(), path),
});

/** `model.json` of an exported model: the chain, with paths relative to the folder. */
export const exportManifest = z.object({
  format: z.literal(exportFormat),
  model: z.string(),
  links: z.array(link).min(1),
  /** SHA-256 of every other file of the folder but the model card, which may be edited. */
  digests: z.record(path, z.string()),
  /** SHA-256 of all of this but itself. */
  seal: z.string(),
});
export type ExportManifest = z.infer<typeof exportManifest>;

/** The model card: people may edit it. */
export const cardFile = 'README.md';

/** What the `seal` of a manifest must be. A param that JSON has no word for is not one that it was exported with. */
export function sealOf(manifest: Partial<ExportManifest>): string {
  const covered = JSON.parse(JSON.stringify({ ...manifest, seal: undefined })) as unknown;
  return sha256(canonicalJson(covered));
}
