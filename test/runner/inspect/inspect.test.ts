import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { createOutput, digestOfCells } from '../../../runner/artifact/index.ts';
import { formatInspection, inspectPath } from '../../../runner/inspect/index.ts';
import type { Cells, Columns } from '../../../runner/kind/index.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
let path = '';

const columns: Columns = {
  samples: { type: 'sequence', shape: [] },
  features: { type: 'tensor', shape: [2, 2], unit: 'dB' },
  sampleRate: { type: 'int32', unit: 'Hz' },
  isSilent: { type: 'bool' },
  emotion: { type: 'utf8' },
};

function cellsOf(row: number): Cells {
  return {
    samples: Float32Array.from({ length: row + 1 }, () => row),
    features: Float32Array.of(0, row, 2 * row, 3 * row),
    sampleRate: 48_000,
    isSilent: row === 0,
    emotion: row < 2 ? 'angry' : 'calm',
  };
}

beforeEach(async () => {
  path = folder.file('mfcc');
  await mkdir(path);
  const output = createOutput(path, { metadata: { stage: 'mfcc', key: 'ab12' } });
  const table = await output.table('table', columns);
  for (let row = 0; row < 3; row++) await table.write(`Actor_0${row}/clip.wav`, cellsOf(row));
  await table.close();
  await output.json('summary.json', {
    model: 'cnn',
    layers: [1, 2, 3, 4, 5, 6, 7],
    folds: [{ fold: 0, history: [{ epoch: 1, loss: { train: 1 } }] }],
    none: [],
  });
  await writeFile(output.path('models/fold0/weights.bin'), 'abc');
  await output.close();
});

describe('an artifact', () => {
  it('is told with its files, tables and documents', async () => {
    const inspection = await inspectPath(path);
    expect(inspection.files).toEqual([
      { name: 'models/fold0/weights.bin', bytes: 3 },
      { name: 'summary.json', bytes: expect.any(Number) },
      { name: 'table.arrow', bytes: expect.any(Number) },
    ]);
    expect(inspection.tables).toEqual([
      {
        name: 'table.arrow',
        rows: 3,
        batches: 1,
        metadata: { key: 'ab12', stage: 'mfcc' },
        firstIds: ['Actor_00/clip.wav', 'Actor_01/clip.wav', 'Actor_02/clip.wav'],
        columns: [
          {
            name: 'samples',
            column: columns.samples,
            // 0, 1, 1, 2, 2, 2
            numbers: {
              count: 6,
              nan: 0,
              infinite: 0,
              min: 0,
              mean: 8 / 6,
              max: 2,
              std: expect.closeTo(0.745356, 6),
            },
            steps: {
              count: 3,
              nan: 0,
              infinite: 0,
              min: 1,
              mean: 2,
              max: 3,
              std: expect.closeTo(0.816497, 6),
            },
          },
          {
            name: 'features',
            column: columns.features,
            numbers: expect.objectContaining({ count: 12, min: 0, mean: 1.5, max: 6 }),
          },
          {
            name: 'sampleRate',
            column: columns.sampleRate,
            numbers: expect.objectContaining({ mean: 48_000, std: 0 }),
          },
          {
            name: 'isSilent',
            column: columns.isSilent,
            numbers: expect.objectContaining({ mean: expect.closeTo(1 / 3, 12) }),
          },
          {
            name: 'emotion',
            column: columns.emotion,
            text: {
              distinct: 2,
              isCapped: false,
              common: [
                { value: 'angry', count: 2 },
                { value: 'calm', count: 1 },
              ],
            },
          },
        ],
      },
    ]);
    expect(JSON.parse(JSON.stringify(inspection))).toEqual(inspection);
  });

  it('is shown as text', async () => {
    const inspection = await inspectPath(path);
    const text = formatInspection({ ...inspection, path: 'artifacts/mfcc' }, { columns: 90, colour: false });
    expect(text.replace(/\d+ B|\d\.\d kB/g, 'SIZE')).toBe(
      [
        'artifacts/mfcc',
        '     SIZE  models/fold0/weights.bin',
        '   SIZE  summary.json',
        '  SIZE  table.arrow',
        '',
        'table.arrow  3 rows in 1 batch, SIZE',
        '  key ab12',
        '  stage mfcc',
        '  column      type              unit    min    mean    max     std  NaN',
        '  samples     sequence                    0   1.333      2  0.7454    0',
        '                steps in a row            1       2      3  0.8165',
        '  features    tensor 2×2        dB        0     1.5      6   1.893    0',
        '  sampleRate  int32             Hz    48000   48000  48000       0    0',
        '  isSilent    bool                        0  0.3333      1  0.4714    0',
        '  emotion     utf8                    2 values: angry 2, calm 1',
        '  first rows',
        '  Actor_00/clip.wav',
        '  Actor_01/clip.wav',
        '  Actor_02/clip.wav',
        '',
        'summary.json',
        '  model: cnn',
        '  layers: [1, 2, 3, 4, 5, 6, … 7 in all]',
        '  folds: 1 item',
        '    [0]:',
        '      fold: 0',
        '      history: 1 item',
        '        [0]: { epoch, loss }',
        '  none: []',
      ].join('\n'),
    );
  });

  it('fits into any width, in colours too', async () => {
    const whole = await inspectPath(path);
    const row = await inspectPath(path, { row: 'Actor_01/clip.wav' });
    for (const columns of [40, 57, 200]) {
      for (const inspection of [whole, row]) {
        const plain = formatInspection(inspection, { columns, colour: false });
        const coloured = formatInspection(inspection, { columns, colour: true });
        for (const line of plain.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        for (const line of coloured.split('\n')) {
          expect(stringWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
        }
        expect(plain).toBe(stripVTControlCharacters(plain));
        expect(coloured).not.toBe(stripVTControlCharacters(coloured));
      }
    }
  });

  it('with many files or many values is told in short', async () => {
    const output = createOutput(path, { metadata: {} });
    for (let figure = 0; figure < 7; figure++) await output.json(`figures/${figure}.json`, figure);
    const table = await output.table('other', { speaker: { type: 'utf8' } });
    for (let row = 0; row < 28; row++)
      await table.write(`${row}`, { speaker: `s${String(row % 14).padStart(2, '0')}` });
    await table.close();
    const text = formatInspection(await inspectPath(path), { columns: 100, colour: false });
    expect(text).toMatch(/^ +14 B {2}figures\/ {2}7 files$/m);
    expect(text).toMatch(/^ +3 B {2}models\/fold0\/weights.bin$/m);
    expect(text).toMatch(/14 values: s00 2, s01 2, s02 2, …$/m);
    expect(text).not.toContain('figures/0.json');
  });

  it('may be a single file', async () => {
    const inspection = await inspectPath(`${path}/table.arrow`);
    expect(inspection.files.map(({ name }) => name)).toEqual(['table.arrow']);
    expect(formatInspection(inspection, { columns: 80, colour: false })).toMatch(
      /^table\.arrow {2}3 rows in 1 batch/,
    );
    const other = await inspectPath(`${path}/models/fold0/weights.bin`);
    expect(formatInspection(other, { columns: 80, colour: false })).toBe('  3 B  weights.bin');
  });

  it('may be empty', async () => {
    await mkdir(folder.file('empty'));
    const inspection = await inspectPath(folder.file('empty'));
    expect(formatInspection(inspection, { columns: 500, colour: false })).toBe(
      `${folder.file('empty')}\n  no files`,
    );
  });

  it('that is not there is said with the way out', async () => {
    await expect(inspectPath(folder.file('nothing'))).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        {
          message: 'there is no such stage, file or folder',
          place: { file: folder.file('nothing') },
          hint: expect.stringContaining('artifacts/mfcc/table.arrow'),
        },
      ],
    });
  });

  it('with broken JSON is said to be damaged', async () => {
    await writeFile(`${path}/summary.json`, '{');
    await expect(inspectPath(path)).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining('no JSON'), place: { file: `${path}/summary.json` } }],
    });
  });
});

describe('a row', () => {
  it('is told with all its values', async () => {
    const { row, tables } = await inspectPath(path, { row: 'Actor_02/clip.wav' });
    expect(tables).toEqual([]);
    expect(row).toEqual({
      table: 'table.arrow',
      id: 'Actor_02/clip.wav',
      digest: digestOfCells('Actor_02/clip.wav', columns, cellsOf(2)),
      cells: [
        { name: 'samples', column: columns.samples, value: [2, 2, 2] },
        { name: 'features', column: columns.features, value: [0, 2, 4, 6] },
        { name: 'sampleRate', column: columns.sampleRate, value: 48_000 },
        { name: 'isSilent', column: columns.isSilent, value: false },
        { name: 'emotion', column: columns.emotion, value: 'calm' },
      ],
    });
  });

  it('is shown as text, its scalars first', async () => {
    const inspection = await inspectPath(path, { row: 'Actor_02/clip.wav' });
    const [title, digest, ...lines] = formatInspection(inspection, { columns: 100, colour: false }).split(
      '\n',
    );
    expect(title).toBe('Actor_02/clip.wav');
    expect(digest).toBe(`  of table.arrow, digest ${inspection.row!.digest}`);
    expect(lines).toEqual([
      '  sampleRate  48000 Hz',
      '  isSilent    false',
      '  emotion     calm',
      '  samples  sequence, 3 steps',
      '    [2, 2, 2]',
      '    ▅▅▅',
      '  features  tensor 2×2, dB',
      '    [0, 2, 4, 6]',
      '    ▁▃',
      '    ▆█',
    ]);
  });

  it('is looked for in table.arrow, or in the only table', async () => {
    const output = createOutput(path, { metadata: {} });
    const predictions = await output.table('predictions', {});
    await predictions.write('0/test/clip.wav', {});
    await predictions.close();
    expect((await inspectPath(path, { row: 'Actor_02/clip.wav' })).row).toMatchObject({
      table: 'table.arrow',
    });
    await rm(`${path}/table.arrow`);
    expect((await inspectPath(path, { row: '0/test/clip.wav' })).row).toMatchObject({
      table: 'predictions.arrow',
    });
    const second = await output.table('other', {});
    await second.close();
    await expect(inspectPath(path, { row: '0/test/clip.wav' })).rejects.toMatchObject({
      problems: [{ message: 'there is no table.arrow', hint: 'name one: other.arrow, predictions.arrow' }],
    });
    await expect(inspectPath(`${path}/summary.json`, { row: 'x' })).rejects.toMatchObject({
      problems: [{ hint: 'only tables (.arrow) have rows' }],
    });
  });
});
