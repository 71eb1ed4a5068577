import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTableWriter, digestOfCells } from '../../../runner/artifact/index.ts';
import type { Cells, Columns } from '../../../runner/kind/index.ts';
import { python } from '../../support/python.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const { path: interpreter, reason } = python();
const describeWithPython = interpreter === null ? describe.skip : describe;
const program = join(import.meta.dirname, 'read_table.py');

const columns: Columns = {
  samples: { type: 'sequence', shape: [] },
  frames: { type: 'sequence', shape: [2], unit: 'dB' },
  image: { type: 'tensor', shape: [2, 3] },
  sampleRate: { type: 'int32', unit: 'Hz' },
  duration: { type: 'float64', unit: 's' },
  silent: { type: 'bool' },
  speaker: { type: 'utf8' },
};

function row(index: number): Cells {
  return {
    samples: Float32Array.from({ length: index % 4 }, (_, step) => step / 4),
    frames: Float32Array.from({ length: 2 * (index % 3) }, (_, step) => -step),
    image: Float32Array.from({ length: 6 }, (_, pixel) => 10 * index + pixel),
    sampleRate: 48_000,
    duration: index / 3,
    silent: index % 2 === 0,
    speaker: 'ü'.repeat(index % 5),
  };
}

/** A row as pyarrow shows it: lists of plain numbers, the steps of a sequence of tensors one list each. */
function asLists(id: string, cells: Cells): object {
  const lists = Object.entries(cells).map(([name, cell]) => [
    name,
    cell instanceof Float32Array ? Array.from(cell) : cell,
  ]);
  const frames = Array.from(cells.frames as Float32Array);
  return {
    id,
    digest: digestOfCells(id, columns, cells),
    ...(Object.fromEntries(lists) as object),
    frames: frames.flatMap((value, index) => (index % 2 === 0 ? [[value, frames[index + 1]]] : [])),
  };
}

describeWithPython(`other readers of a table${reason === null ? '' : ` (${reason})`}`, () => {
  const folder = useTemporaryFolder();

  async function readByPython(count: number, rowsPerBatch: number): Promise<unknown> {
    const file = folder.file('table.arrow');
    const writer = await createTableWriter(file, columns, {
      rowsPerBatch,
      metadata: { stage: 'mfcc', key: 'ab' },
    });
    for (let index = 0; index < count; index++) await writer.write(`clip ${index}`, row(index));
    await writer.close();
    const { stdout } = await promisify(execFile)(interpreter!, [program, file]);
    return JSON.parse(stdout);
  }

  it('see the same schema, metadata and rows', async () => {
    expect(await readByPython(20, 6)).toEqual({
      metadata: { stage: 'mfcc', key: 'ab' },
      fields: [
        { name: 'id', type: 'string', nullable: false },
        { name: 'digest', type: 'string', nullable: false },
        { name: 'samples', type: 'list<item: float not null>', nullable: false, shape: '[]' },
        {
          name: 'frames',
          type: 'list<item: fixed_size_list<item: float not null>[2] not null>',
          nullable: false,
          shape: '[2]',
          unit: 'dB',
        },
        { name: 'image', type: 'fixed_size_list<item: float not null>[6]', nullable: false, shape: '[2,3]' },
        { name: 'sampleRate', type: 'int32', nullable: false, unit: 'Hz' },
        { name: 'duration', type: 'double', nullable: false, unit: 's' },
        { name: 'silent', type: 'bool', nullable: false },
        { name: 'speaker', type: 'string', nullable: false },
      ],
      rows: Array.from({ length: 20 }, (_, index) => asLists(`clip ${index}`, row(index))),
      count: 20,
      distinctIds: 20,
      longest: 3,
      // Row-major: of shape [2, 3], element [1, 0] is the fourth value.
      corner: Array.from({ length: 20 }, (_, index) => 10 * index + 3),
    });
  });

  it('read a table without rows', async () => {
    expect(await readByPython(0, 6)).toMatchObject({
      rows: [],
      count: 0,
      metadata: { stage: 'mfcc', key: 'ab' },
    });
  });
});
