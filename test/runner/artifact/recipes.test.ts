import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createTableWriter, openTable } from '../../../runner/artifact/index.ts';
import type { Cells, Columns } from '../../../runner/kind/index.ts';
import { python } from '../../support/python.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const { path: interpreter, reason } = python();
const describeWithPython = interpreter === null ? describe.skip : describe;
const page = join(import.meta.dirname, '../../../docs/artifacts.md');
const clips = ['a.wav', 'b.wav', 'c.wav'];

/** The Python code below each heading of the page. */
async function readRecipes(): Promise<Map<string, string>> {
  const sections = (await readFile(page, 'utf8')).split(/^#+ /m).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const code = [...section.matchAll(/^```python\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
      return code === '' ? [] : [[section.slice(0, section.indexOf('\n')), code]];
    }),
  );
}

/** What each recipe prints of the tables below. */
const printed: Readonly<Record<string, RegExp>> = {
  pandas: /^\(3, 4\) float32 2 emotions\n$/,
  polars: /│ angry +┆ 2 +┆ 2\.0 +│[^]*│ calm +┆ 1 +┆ 2\.0 +│[^]*\n\(3, 4\) float32\n$/,
  DuckDB: /^\[\(0, 2, 0\.5\), \(1, 2, 1\.0\)\]\n$/,
  'pyarrow: shapes and sequences':
    /^\(3, 2, 2\) mfcc\na\.wav: 1\.00 s, peak 0\.500\nb\.wav: 2\.00 s, peak 0\.500\nc\.wav: 3\.00 s, peak 0\.500\n$/,
  'Writing a table for a stage': /^$/,
};

describeWithPython(`the recipes of docs/artifacts.md${reason === null ? '' : ` (${reason})`}`, () => {
  const folder = useTemporaryFolder('all');

  async function write(
    name: string,
    columns: Columns,
    rows: readonly (readonly [string, Cells])[],
  ): Promise<void> {
    const path = folder.file(`artifacts/${name}.arrow`);
    await mkdir(dirname(path), { recursive: true });
    const writer = await createTableWriter(path, columns, {
      metadata: { stage: dirname(name) },
      rowsPerBatch: 2,
    });
    for (const [id, cells] of rows) await writer.write(id, cells);
    await writer.close();
  }

  beforeAll(async () => {
    await write(
      'ingest/table',
      {
        samples: { type: 'sequence', shape: [] },
        sampleRate: { type: 'int32', unit: 'Hz' },
        duration: { type: 'float64', unit: 's' },
        emotion: { type: 'utf8' },
        speaker: { type: 'utf8' },
      },
      clips.map((clip, row) => [
        clip,
        {
          samples: new Float32Array(100 * (row + 1)).fill(-0.5),
          sampleRate: 100,
          duration: row + 1,
          emotion: row === 1 ? 'calm' : 'angry',
          speaker: '01',
        },
      ]),
    );
    await write(
      'mfcc/table',
      { features: { type: 'tensor', shape: [2, 2] }, frames: { type: 'int32' } },
      clips.map((clip) => [clip, { features: new Float32Array(4), frames: 3 }]),
    );
    await write(
      'train/cnn-mfcc/predictions',
      {
        fold: { type: 'int32' },
        part: { type: 'utf8' },
        emotionIndex: { type: 'int32' },
        predictedIndex: { type: 'int32' },
      },
      Array.from({ length: 8 }, (_, row) => [
        `${row}`,
        {
          fold: row % 2,
          part: row < 4 ? 'test' : 'train',
          emotionIndex: 1,
          predictedIndex: row === 0 || row > 4 ? 0 : 1,
        },
      ]),
    );
  });

  it('are those that are tested here', async () => {
    expect([...(await readRecipes()).keys()]).toEqual(Object.keys(printed));
  });

  it.each(Object.entries(printed))('run: %s', async (heading, output) => {
    const code = (await readRecipes()).get(heading)!;
    const { stdout } = await promisify(execFile)(interpreter!, ['-c', code], { cwd: folder.file('.') });
    expect(stdout).toMatch(output);
  });

  it('write a table that is read like any other', async () => {
    const table = await openTable(folder.file('embeddings.arrow'));
    expect(table.columns).toEqual({ embedding: { type: 'tensor', shape: [2, 3] } });
    expect(await table.readBatch(0)).toEqual([
      { row: { id: 'a.wav', cells: { embedding: Float32Array.of(0, 1, 2, 3, 4, 5) } }, digest: 'a1' },
      { row: { id: 'b.wav', cells: { embedding: Float32Array.of(6, 7, 8, 9, 10, 11) } }, digest: 'b2' },
    ]);
    await table.close();
  });

  it('name tests that are there', async () => {
    const names = (await readFile(page, 'utf8')).matchAll(/`(test\/[^`]+)`/g);
    for (const [, name] of names) {
      await expect(readFile(join(import.meta.dirname, '../../..', name), 'utf8')).resolves.toContain(
        'describe',
      );
    }
  });
});
