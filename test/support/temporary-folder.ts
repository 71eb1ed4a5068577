import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for each test, or for all tests of the surrounding `describe` together; gone afterwards. */
export function useTemporaryFolder(scope: 'each' | 'all' = 'each'): {
  readonly file: (name: string) => string;
} {
  let folder = '';
  const [before, after] = scope === 'each' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });
  return { file: (name) => join(folder, name) };
}
