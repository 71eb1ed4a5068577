import { afterEach, beforeEach } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for each test of the file, gone after it. */
export function useTemporaryFolder(): { readonly file: (name: string) => string } {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'artifact-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  return { file: (name) => join(folder, name) };
}
