import { describe, expect, it } from '@jest/globals';
import { ListedSourceFiles } from '../../../runner/execute/source-files.ts';
import { FileList } from '../../../runner/fingerprint/file-list.ts';
import type { SourceFiles } from '../../../runner/kind/index.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();

describe('files as a source is given them', () => {
  it('can be used as an array of them would', () => {
    const list = FileList.below('/data', folder.file('spill'));
    const array = ['a', 'b/c', 'd'].map((name, place) => ({
      name,
      path: `/data/${name}`,
      size: place,
      digest: String(place).repeat(64),
    }));
    for (const { name, path, size, digest } of array) {
      list.add({ name, path, numbers: BigInt64Array.of(BigInt(size), 0n, 0n, 0n), digest });
    }
    const listed = new ListedSourceFiles(list);
    const used = (files: SourceFiles): unknown => ({
      all: [...files],
      length: files.length,
      at: [0, 2, 3, -1, -4].map((place) => files.at(place)),
      map: files.map(({ name }, place) => `${place} ${name}`),
      filter: files.filter(({ size }, place) => size === place && place > 0),
      find: [files.find(({ name }) => name === 'b/c'), files.find((_, place) => place === 7)],
    });
    expect(JSON.parse(JSON.stringify(used(listed)))).toEqual(JSON.parse(JSON.stringify(used(array))));
  });
});
