import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceFile } from '../../../runner/kind/index.ts';
import { listRavdess } from '../../../stages/ingest/list.ts';

const ROOT = 'data/ravdess';
const ONE = '03-01-01-01-01-01-01.wav';
const OTHER = '03-01-02-01-01-01-02.wav';

function file(name: string, digest = name): SourceFile {
  return { name, path: `/data/${name}`, size: 10, digest };
}

describe('listRavdess', () => {
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
      `${OTHER} has the same content as ${ONE}, with another label in its name`,
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

  it('loses no file and does not depend on their order', () => {
    const names = [ONE, OTHER, `a/${ONE}`, `a/b/${OTHER}`, 'x.txt', 'a/03-02-01-01-01-01-01.wav'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 1 }), (chosen) => {
        fc.pre(chosen.some((name) => name.endsWith(ONE) || name.endsWith(OTHER)));
        const files = chosen.map((name) => file(name, name.split('/').at(-1)));
        const listing = listRavdess(files, ROOT);
        const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
        expect(listing).toEqual(listRavdess(sorted, ROOT));
        expect(listing.rows.length + listing.excluded.length).toBe(files.length);
      }),
    );
  });
});
