import { beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createOutput, openTable, type ArtifactOutput } from '../../../runner/artifact/index.ts';
import { failureAt } from '../../support/failure-at.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
let output: ArtifactOutput;

beforeEach(async () => {
  await mkdir(folder.file('out'));
  output = createOutput(folder.file('out'), { metadata: { stage: 'mfcc', key: 'abc' } });
});

describe('the output of a stage', () => {
  it('makes the folders of a file', async () => {
    await writeFile(output.path('models/fold0/weights.bin'), 'w');
    expect(existsSync(folder.file('out/models/fold0/weights.bin'))).toBe(true);
  });

  it.each(['../other', 'a/../../other', '/etc/passwd', '.', '', 'a/..', '..'])(
    'refuses the file “%s”, which is not inside',
    (file) => {
      expect(() => output.path(file)).toThrow(failureAt(file, 'the file would not lie in the artifact'));
    },
  );

  it('takes a name that only looks like going up', () => {
    expect(output.path('..a/b')).toBe(folder.file('out/..a/b'));
  });

  it('writes JSON that is the same for the same value', async () => {
    await output.json('split.json', { kind: 'random', folds: [1, 2], note: undefined });
    expect(await readFile(folder.file('out/split.json'), 'utf8')).toBe(
      '{\n  "kind": "random",\n  "folds": [\n    1,\n    2\n  ]\n}\n',
    );
  });

  it.each<[string, unknown, string]>([
    ['NaN', { metrics: { uar: [1, NaN] } }, '$.metrics.uar[1] is NaN, which JSON cannot hold'],
    ['Infinity', Infinity, '$ is Infinity, which JSON cannot hold'],
    ['a typed array', { values: new Float32Array(2) }, '$.values is a Float32Array'],
    ['a map', [new Map()], '$[0] is a Map'],
    ['a bigint', { n: 1n }, '$.n is a bigint'],
    ['nothing', undefined, 'there is no value to write'],
  ])('refuses %s, which JSON would change silently', async (_, value, message) => {
    await expect(output.json('m.json', value)).rejects.toThrow(failureAt('m.json', message));
  });

  it('writes tables with the metadata of the stage', async () => {
    const table = await output.table('table', { a: { type: 'int32' } });
    await table.write('one', { a: 1 }, 'ab12');
    await table.close();
    await output.close();
    const file = await openTable(folder.file('out/table.arrow'));
    expect(file.metadata).toEqual({ stage: 'mfcc', key: 'abc' });
    expect(await file.digests()).toEqual({ ids: ['one'], digests: ['ab12'] });
    await file.close();
  });

  it('refuses a table twice', async () => {
    await output.table('table', {});
    await expect(output.table('table', {})).rejects.toThrow(
      failureAt('table', 'the table is written a second time'),
    );
  });

  it('fails at the end where tables were left open', async () => {
    await output.table('table', {});
    await output.table('predictions', {});
    await expect(output.close()).rejects.toMatchObject({
      message: 'the stage ended without closing the table',
      place: 'table, predictions',
      hint: expect.stringContaining('await `close()`'),
    });
  });

  it('hands on what was measured', async () => {
    output.measure('fitSeconds', 2.5);
    expect(() => {
      output.measure('loss', NaN);
    }).toThrow(failureAt('loss', 'the measurement is NaN'));
    expect(await output.close()).toMatchObject({ measurements: { fitSeconds: 2.5 } });
  });
});
