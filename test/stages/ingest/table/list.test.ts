import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SourceFile } from '../../../../runner/kind/index.ts';
import { ingestParams } from '../../../../stages/ingest/params.ts';
import { listTable } from '../../../../stages/ingest/table/list.ts';
import { inFull, type FullListing } from '../../../support/listing.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'labels-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Lists `names` by the table given; `name` is what the table is called. */
async function list(
  csv: string,
  names: readonly string[],
  options: Record<string, unknown> = {},
  name = 'labels.csv',
): Promise<FullListing> {
  const table = path.join(folder, 'table.csv');
  writeFileSync(table, csv);
  const file = (each: string): SourceFile => ({ name: each, path: `/data/${each}`, size: 1, digest: each });
  const files = [{ ...file(name), path: table }, ...names.map(file)];
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return inFull(await listTable(files, ingestParams.parse({ root: 'data/own', names: 'table', ...options })));
}

async function failure(
  csv: string,
  names: readonly string[] = [],
  options = {},
  name?: string,
): Promise<unknown> {
  try {
    return await list(csv, names, options, name);
  } catch (error) {
    const { message, place, hint } = error as { message: string; place: string; hint: string };
    return { message, place, hint };
  }
}

describe('listTable', () => {
  it('gives the files that lines name, with their labels, and excludes the others by name', async () => {
    const csv = 'speaker,path,note,emotion\nann,b/2.wav,,Fear\nbob,./a.wav,"x, y",contempt\n';
    expect(await list(csv, ['a.wav', 'b/2.wav', 'b/3.wav', 'readme.txt'])).toMatchObject({
      rows: [
        {
          id: 'a.wav',
          attributes: {
            emotion: 'contempt',
            speaker: 'bob',
            intensity: '',
            statement: '',
            repetition: 0,
            sex: '',
          },
        },
        { id: 'b/2.wav', attributes: { emotion: 'fearful', speaker: 'ann' } },
      ],
      excluded: [
        { name: 'b/3.wav', reason: 'no line of labels.csv names it' },
        { name: 'readme.txt', reason: 'no line of labels.csv names it' },
      ],
      warnings: [],
    });
  });

  it('takes other headers, delimiters and optional columns', async () => {
    const csv = 'file;label;who;m/f;text;how\nx\\1.wav;joy;7;F;hello;loud\n';
    const columns = {
      path: 'file',
      emotion: 'label',
      speaker: 'who',
      sex: 'm/f',
      statement: 'text',
      intensity: 'how',
    };
    const { rows } = await list(
      csv,
      ['x/1.wav'],
      { delimiter: ';', columns, table: 'meta/all.csv' },
      'meta/all.csv',
    );
    expect(rows[0].attributes).toEqual({
      emotion: 'happy',
      speaker: '7',
      sex: 'female',
      statement: 'hello',
      intensity: 'loud',
      repetition: 0,
    });
  });

  it('finds names whose accents are composed otherwise', async () => {
    const csv = `path,emotion,speaker\nfro\u0308hlich.wav,happy,1\n`;
    expect((await list(csv, ['fr\u00f6hlich.wav'])).rows[0].id).toBe('fr\u00f6hlich.wav');
  });

  it('does not take the table itself for a recording', async () => {
    const csv = 'path,emotion,speaker\nlabels.csv,sad,1\n';
    expect(await failure(csv, ['a.wav'])).toMatchObject({
      message: 'labels.csv is not in data/own',
      place: 'data/own/labels.csv:2',
    });
  });

  it('names every line that cannot be used', async () => {
    const csv = 'path,emotion,speaker\na.wav,sad,1\nA.wav,sad,1\na.wav,happy,1\nb.wav,sad,1\n';
    expect(await failure(csv, ['a.wav'])).toEqual({
      message: [
        '3 lines cannot be used',
        'data/own/labels.csv:3: A.wav is not in data/own, but a.wav is',
        'data/own/labels.csv:4: a.wav is named in line 2 already',
        'data/own/labels.csv:5: b.wav is not in data/own',
      ].join('\n'),
      place: 'data/own/labels.csv',
      hint: "write paths relative to data/own, with the extension and in the case of the file's name; keep the line with the right label",
    });
  });

  it.each([
    ['a.wav,,1', 'emotion is empty', 'fill it in, or delete the line'],
    [',sad,1', 'path is empty', 'fill it in, or delete the line'],
    ['a.wav,sad, ', 'speaker is empty', 'where nobody knows, give each clip a speaker of its own'],
    ['a.wav,sad', 'has 2 cells where the header has 3', 'put cells that hold the delimiter between quotes'],
    [
      'b.wav,sad,1',
      'b.wav is not in data/own',
      "write paths relative to data/own, with the extension and in the case of the file's name",
    ],
  ])('%s: %s', async (line, message, hint) => {
    expect(await failure(`path,emotion,speaker\n\n${line}\n`, ['a.wav'])).toEqual({
      message,
      place: 'data/own/labels.csv:3',
      hint,
    });
  });

  it('refuses an unknown word for the sex', async () => {
    expect(
      await failure('path,emotion,speaker,sex\na.wav,sad,1,x\n', ['a.wav'], { columns: { sex: 'sex' } }),
    ).toEqual({
      message: 'sex is x',
      place: 'data/own/labels.csv:2',
      hint: 'write male, female or nothing',
    });
  });

  it.each([
    [
      'path,label,speaker\n',
      'there is no column emotion; the columns are path, label, speaker',
      'say which column holds it, as in `columns: {emotion: speaker}`',
    ],
    [
      'path;emotion;speaker\n',
      'there is no column path; the columns are path;emotion;speaker',
      'its cells seem to be separated by ;: set `delimiter: ";"`',
    ],
    ['path,emotion,speaker,path\n', 'two columns are called path', 'give one of them another header'],
  ])('%j: %s', async (csv, message, hint) => {
    expect(await failure(csv)).toEqual({ message, place: 'data/own/labels.csv:1', hint });
  });

  it.each([
    ['', 'is empty'],
    ['path,emotion,speaker\n', 'names no recording: it has only a header'],
  ])('%j: %s', async (csv, message) => {
    expect(await failure(csv)).toMatchObject({ message, place: 'data/own/labels.csv' });
  });

  it('says which table there is where the one asked for is not', async () => {
    expect(await failure('', [], {}, 'meta.csv')).toEqual({
      message: 'there is no labels.csv in it',
      place: 'data/own',
      hint: 'if meta.csv is the table of labels, set `table: meta.csv`',
    });
    await expect(listTable([], ingestParams.parse({ root: 'data/own', names: 'table' }))).rejects.toThrow(
      expect.objectContaining({ message: 'no files there, or no such folder', place: 'data/own' }),
    );
  });
});
