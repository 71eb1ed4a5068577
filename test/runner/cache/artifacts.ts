import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cache } from '../../../runner/cache/cache.ts';
import type { CacheEntry } from '../../../runner/cache/entry.ts';
import { indexLine } from '../../../runner/execute/row-index.ts';

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface MadeArtifact {
  readonly key: string;
  readonly files: Readonly<Record<string, string>>;
  /** For a row stage: its row key and the input rows it was made of. */
  readonly rows?: { readonly rowKey: string; readonly inputs: readonly string[] };
  readonly run?: string;
}

/** Makes an artifact in a folder below `scratch` and puts it into the cache, as a run does. */
export async function putArtifact(
  cache: Cache,
  scratch: string,
  { key, files, rows, run = 'a-run' }: MadeArtifact,
  options?: { readonly aside: boolean },
): Promise<CacheEntry> {
  const folder = join(scratch, randomBytes(6).toString('hex'));
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const index = rows === undefined ? undefined : await putIndex(cache, scratch, rows.inputs);
  return cache.put(
    folder,
    {
      key,
      stage: 'words',
      kind: 'words',
      run,
      fingerprint: { kind: 'words' },
      measurements: { seconds: 1.5 },
      ...(rows !== undefined && {
        rows: { rowKey: rows.rowKey, count: rows.inputs.length, ...index! },
      }),
    },
    new Map(),
    options,
  );
}

async function putIndex(
  cache: Cache,
  scratch: string,
  inputs: readonly string[],
): Promise<{ index: string; indexSize: number }> {
  const path = join(scratch, randomBytes(6).toString('hex'));
  const text = inputs
    .map((input, at) => indexLine({ id: `row ${at}`, input, content: digestOf(`made of ${input}`) }))
    .join('');
  writeFileSync(path, text);
  return { index: await cache.putFile(path), indexSize: text.length };
}
