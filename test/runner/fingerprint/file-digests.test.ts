import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FileDigests } from '../../../runner/fingerprint/file-digests.ts';
import { numbersOfPath } from '../../../runner/fingerprint/stat.ts';
import { readTree } from '../../../runner/fingerprint/tree.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();

/** Writes so many old files below a folder and gives their paths. */
function filesIn(name: string, count: number): string[] {
  mkdirSync(folder.file(name));
  return Array.from({ length: count }, (_, number) => {
    const path = join(folder.file(name), `${String(number).padStart(5, '0')}.txt`);
    writeFileSync(path, `${name} ${number}`);
    utimesSync(path, 1, 1);
    return path;
  });
}

describe('FileDigests', () => {
  it('keep what becomes known while they are saved, and save it the next time', async () => {
    const before = filesIn('before', 300);
    const meanwhile = filesIn('meanwhile', 2600);
    // Files as young as these could still change unseen, and are not remembered.
    await setTimeout(200);
    const digests = new FileDigests(folder.file('digests'));
    const known = (by: FileDigests, paths: readonly string[]): number =>
      paths.filter((path) => by.known(path, numbersOfPath(path)!) !== undefined).length;
    await readTree('before', folder.file('before'), digests);
    await Promise.all([
      digests.save(),
      readTree('meanwhile', folder.file('meanwhile'), digests),
      digests.save(),
    ]);
    expect(known(digests, meanwhile)).toBe(2600);
    await digests.save();
    const again = new FileDigests(folder.file('digests'));
    expect([known(again, before), known(again, meanwhile)]).toEqual([300, 2600]);
  });
});
