import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceFile } from '../../../runner/kind/index.ts';
import { listNamed } from '../../../stages/ingest/list.ts';
import { namings } from '../../../stages/ingest/names/index.ts';
import { inFull, type FullListing } from '../../support/listing.ts';

const ROOT = 'data/ravdess';
const ONE = '03-01-01-01-01-01-01.wav';
const OTHER = '03-01-02-01-01-01-02.wav';

/** Of files in the order in which a source is given them. */
const listRavdess = (files: readonly SourceFile[], root: string): FullListing =>
  inFull(listNamed(byName(files), namings.ravdess, root));

const byName = (files: readonly SourceFile[]): SourceFile[] =>
  [...files].sort((a, b) => (a.name < b.name ? -1 : 1));

function file(name: string, digest = name): SourceFile {
  return { name, path: `/data/${name}`, size: 10, digest };
}

describe('listNamed', () => {
  it('keeps recordings sorted by path and excludes the rest by name', () => {
    const listing = listRavdess(
      [
        file(`Actor_02/${OTHER}`),
        file(`Actor_01/${ONE}`),
        file('readme.txt'),
        file('03-02-01-01-01-01-01.wav'),
      ],
      ROOT,
    );
    expect(listing.rows.map(({ id }) => id)).toEqual([`Actor_01/${ONE}`, `Actor_02/${OTHER}`]);
    expect(listing.excluded).toEqual([
      { name: '03-02-01-01-01-01-01.wav', reason: 'vocal channel 02 is song, not speech (01)' },
      { name: 'readme.txt', reason: 'not a .wav file' },
    ]);
    expect(listing.warnings).toEqual([]);
  });

  it('keeps one of equal files in two folders, the one in the fewest', () => {
    const listing = listRavdess(
      [file(`all/speech/Actor_01/${ONE}`, 'a'), file(`Actor_01/${ONE}`, 'a'), file(OTHER, 'b')],
      ROOT,
    );
    expect(listing.rows.map(({ id }) => id)).toEqual([OTHER, `Actor_01/${ONE}`]);
    expect(listing.excluded).toEqual([
      { name: `all/speech/Actor_01/${ONE}`, reason: `the same as Actor_01/${ONE}` },
    ]);
  });

  it('refuses two files of one name and different contents', () => {
    expect(() => listRavdess([file(`x/${ONE}`, 'a'), file(`y/${ONE}`, 'b')], ROOT)).toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message: `x/${ONE} and y/${ONE} have one name and different contents`,
        place: ROOT,
      }),
    );
  });

  it('warns of one content under two names', () => {
    expect(listRavdess([file(ONE, 'a'), file(OTHER, 'a')], ROOT).warnings).toEqual([
      `${OTHER} has the same content as ${ONE}, under another name`,
    ]);
  });

  it.each([
    [[], 'no files there, or no such folder'],
    [
      [file('notes.txt'), file('song.mp3')],
      'none of the 2 files there is a RAVDESS speech recording (notes.txt: not a .wav file)',
    ],
  ])('names the three ways out where nothing is usable', (files, message) => {
    expect(() => listRavdess(files, ROOT)).toThrow(
      expect.objectContaining({
        message,
        place: ROOT,
        hint: expect.stringMatching(
          /\.\/pipeline data ravdess.*--set ingest\.root=DIR.*--profile demo/,
        ) as unknown,
      }),
    );
  });

  it('gives each row the labels in its name, so that they are part of its digest', () => {
    expect(listRavdess([file(`a/${ONE}`)], ROOT).rows[0].attributes).toEqual({
      emotion: 'neutral',
      intensity: 'normal',
      statement: 'kids',
      repetition: 1,
      speaker: '01',
      sex: 'male',
    });
  });

  it('tells recordings of equal file names in the folders of two speakers apart', () => {
    const files = [file('DC/a01.wav'), file('KL/a01.wav'), file('ALL/DC_a01.wav', 'DC/a01.wav')];
    const { rows, excluded } = inFull(listNamed(byName(files), namings.savee, 'data/savee'));
    expect(rows.map(({ id }) => id)).toEqual(['ALL/DC_a01.wav', 'KL/a01.wav']);
    expect(excluded).toEqual([{ name: 'DC/a01.wav', reason: 'the same as ALL/DC_a01.wav' }]);
  });

  it.each([
    [['03a01Fa.wav', 'x.wav'], 'the names are those of EMO-DB: set `names: emo-db`'],
    [
      ['a.wav', 'meta/list.csv'],
      'if meta/list.csv holds the labels, set `names: table` and `table: meta/list.csv`',
    ],
    [['a.wav'], 'fetch the corpus with `./pipeline data ravdess`'],
  ])('says what %j looks like', (names, hint) => {
    expect(() =>
      listRavdess(
        names.map((name) => file(name)),
        ROOT,
      ),
    ).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) as unknown }));
  });

  it('loses no file', () => {
    const names = [ONE, OTHER, `a/${ONE}`, `a/b/${OTHER}`, 'x.txt', 'a/03-02-01-01-01-01-01.wav'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 1 }), (chosen) => {
        fc.pre(chosen.some((name) => name.endsWith(ONE) || name.endsWith(OTHER)));
        const files = chosen.map((name) => file(name, name.split('/').at(-1)));
        const { rows, excluded } = listRavdess(files, ROOT);
        const listed = [...rows.map(({ id }) => id), ...excluded.map(({ name }) => name)];
        expect(listed.sort()).toEqual(chosen.toSorted());
      }),
    );
  });
});
