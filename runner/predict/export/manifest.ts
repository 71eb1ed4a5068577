import { z } from 'zod';

/** Raised when an older pipeline could not read what this one writes. */
export const exportFormat = 1;

const link = z.object({
  key: z.string(),
  stage: z.string(),
  type: z.enum(['source', 'row', 'model']),
  kind: z.string(),
  /** Where params name files, their paths are relative to the folder, and listed in `files`. */
  params: z.record(z.string(), z.unknown()),
  files: z.array(z.string()),
  /** The folder of the bundle. */
  bundle: z.string(),
  packages: z.record(z.string(), z.string()),
  inputs: z.record(z.string(), z.array(z.string())),
  /** Paths in the folder by the file's name in the artifact. */
  artifact: z.record(z.string(), z.string()),
});

/** `model.json` of an exported model: the chain, with paths relative to the folder. */
export const exportManifest = z.object({
  format: z.literal(exportFormat),
  model: z.string(),
  links: z.array(link).min(1),
  /** SHA-256 of every other file of the folder but the model card, which may be edited. */
  digests: z.record(z.string(), z.string()),
});
export type ExportManifest = z.infer<typeof exportManifest>;
