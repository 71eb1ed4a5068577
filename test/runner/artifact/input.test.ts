import { beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { createTableWriter, openInputArtifact } from '../../../runner/artifact/index.ts';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import { collect } from '../../support/collect.ts';
import { failureAt } from '../../support/failure-at.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
let artifact: InputArtifact;

beforeEach(async () => {
  for (const [name, values] of [
    ['table', [1, 2]],
    ['predictions', [3]],
  ] as const) {
    const writer = await createTableWriter(folder.file(`stored-${name}`), {
      a: { type: 'int32' },
      b: { type: 'bool' },
    });
    for (const value of values) await writer.write(`row${value}`, { a: value, b: true });
    await writer.close();
  }
  await writeFile(folder.file('stored-summary'), '{"model": "cnn"}');
  await writeFile(folder.file('stored-broken'), '{"model": ');
  await writeFile(folder.file('stored-cut'), 'ARROW1');
  artifact = openInputArtifact({
    stage: 'train[cnn,mfcc]',
    files: new Map([
      ['table.arrow', folder.file('stored-table')],
      ['predictions.arrow', folder.file('stored-predictions')],
      ['summary.json', folder.file('stored-summary')],
      ['models/fold0/broken.json', folder.file('stored-broken')],
      ['cut.arrow', folder.file('stored-cut')],
    ]),
    measurements: { fitSeconds: 1.5 },
  });
});

describe('an artifact taken in', () => {
  it('lists its files, sorted, with their paths', () => {
    expect(artifact.stage).toBe('train[cnn,mfcc]');
    expect(artifact.files).toEqual([
      'cut.arrow',
      'models/fold0/broken.json',
      'predictions.arrow',
      'summary.json',
      'table.arrow',
    ]);
    expect(artifact.path('summary.json')).toBe(folder.file('stored-summary'));
    expect(artifact.measurements).toEqual({ fitSeconds: 1.5 });
  });

  it('reads JSON', async () => {
    expect(await artifact.json('summary.json')).toEqual({ model: 'cnn' });
  });

  it('reads tables whole, by columns and by rows', async () => {
    expect((await artifact.table()).numbers('a')).toEqual(Float64Array.of(1, 2));
    expect((await artifact.table('predictions')).ids).toEqual(['row3']);
    expect(Object.keys((await artifact.table('table', ['b'])).columns)).toEqual(['b']);
    expect(await artifact.columns('predictions')).toEqual({ a: { type: 'int32' }, b: { type: 'bool' } });
    expect(await collect(artifact.rows(undefined, ['a']))).toEqual([
      { id: 'row1', cells: { a: 1 } },
      { id: 'row2', cells: { a: 2 } },
    ]);
  });

  it('names stage and file where something is wrong', async () => {
    const stage = 'train[cnn,mfcc]';
    expect(() => artifact.path('model.json')).toThrow(
      failureAt(stage, 'its artifact has no file model.json'),
    );
    await expect(artifact.table('features')).rejects.toMatchObject({
      message: 'its artifact has no file features.arrow',
      hint: expect.stringContaining('it holds cut.arrow, models/fold0/broken.json'),
    });
    await expect(artifact.json('models/fold0/broken.json')).rejects.toThrow(
      failureAt(`models/fold0/broken.json of ${stage}`, 'no JSON'),
    );
    await expect(artifact.columns('cut')).rejects.toThrow(
      failureAt(`cut.arrow of ${stage}`, 'no whole Arrow IPC file'),
    );
    const place = `table.arrow of ${stage}`;
    await expect(collect(artifact.rows('table', ['c']))).rejects.toThrow(
      failureAt(place, 'there is no column c'),
    );
    const table = await artifact.table();
    expect(() => table.text('a')).toThrow(failureAt(place, 'column a is of type int32, not utf8'));
  });
});
