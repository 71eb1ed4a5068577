import { z } from 'zod';
import { canonicalJson, sha256 } from '../../fingerprint/hash.ts';
import { type CacheEntry, digestOfFiles } from '../entry.ts';

/**
 * An entry as a shared store holds it: with the digest of its own text, since nothing else would tell one that was cut
 * or garbled on its way.
 */
export function sealEntry(entry: CacheEntry): Uint8Array {
  return Buffer.from(`${JSON.stringify({ sha256: sha256(canonicalJson(entry)), entry }, null, 1)}\n`);
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().min(0);

/** Names become paths of this machine: one that leads out of the artifact's folder is no name. */
const fileName = z
  .string()
  .refine((name) => name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'))
  .refine((name) => !/[\\\0]/.test(name) && !/^[A-Za-z]:/.test(name));

const entryShape = z.looseObject({
  key: digest,
  stage: z.string(),
  kind: z.string(),
  run: z.string(),
  manifest: z.looseObject({
    digest,
    files: z.array(z.looseObject({ name: fileName, size: bytes, sha256: digest, content: digest })),
  }),
  fingerprint: z.record(z.string(), z.string()),
  measurements: z.record(z.string(), z.number()),
  rows: z.looseObject({ rowKey: digest, count: bytes, index: digest, indexSize: bytes }).optional(),
});

const sealedShape = z.object({ sha256: digest, entry: entryShape });

/** Undefined where the text is not what was sealed, or is no entry of this key. */
export function openEntry(text: string, key: string): CacheEntry | undefined {
  const parsed = sealedShape.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const entry = parsed.data.entry as CacheEntry;
  const whole = parsed.data.sha256 === sha256(canonicalJson(entry));
  const { manifest } = entry;
  return whole && entry.key === key && manifest.digest === digestOfFiles(manifest.files) ? entry : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
