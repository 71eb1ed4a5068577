import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsv, type TableLine } from '../../../../stages/ingest/table/csv.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function linesOf(
  content: Uint8Array,
  { delimiter = ',', partBytes = 1000 } = {},
): Promise<TableLine[]> {
  const lines: TableLine[] = [];
  const parts = [];
  for (let at = 0; at < content.length; at += partBytes) parts.push(content.subarray(at, at + partBytes));
  await readCsv(parts, delimiter, 't.csv', (line) => lines.push(line));
  return lines;
}

describe('readCsv', () => {
  it('reads quotes, empty lines, either line end and a byte order mark, and says where lines begin', async () => {
    const text = '\uFEFFpath,emotion\r\n\r\n"a, b.wav", sad \r\n"two\r\nlines ""quoted""",angry\r\nlast,x';
    expect(await linesOf(bytes(text))).toEqual([
      { line: 1, cells: ['path', 'emotion'] },
      { line: 3, cells: ['a, b.wav', 'sad'] },
      { line: 4, cells: ['two\nlines "quoted"', 'angry'] },
      { line: 6, cells: ['last', 'x'] },
    ]);
  });

  it('takes other delimiters', async () => {
    const [, line] = await linesOf(bytes('a;b\n1,5;2\n'), { delimiter: ';' });
    expect(line.cells).toEqual(['1,5', '2']);
  });

  it.each([
    ['a,b\n"x,y\n', 'a quoted cell is not closed', 't.csv:2'],
    ['a,b\n"x"y,z\n', 'something follows the closing quote of a cell', 't.csv:2'],
    ['a,b\nx"y,z\n', 'a quote stands inside a cell that is not quoted', 't.csv:2'],
  ])('%j: %s', async (text, message, place) => {
    await expect(linesOf(bytes(text))).rejects.toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message,
        place: expect.stringContaining(place) as unknown,
      }),
    );
  });

  it.each([
    ['in the middle', [0x70, 0xe4, 0x0a]],
    ['at the end', [0x70, 0x0a, 0xe4]],
  ])('refuses other encodings: %s', async (_, content) => {
    await expect(linesOf(Uint8Array.from(content))).rejects.toThrow(
      expect.objectContaining({ message: 'is not text in UTF-8', place: 't.csv' }),
    );
  });

  it('passes on what the taker throws', async () => {
    const failing = (): never => {
      throw new RangeError('no more');
    };
    await expect(readCsv([bytes('a,b\n')], ',', 't.csv', failing)).rejects.toThrow(new RangeError('no more'));
  });

  it('reads back what RFC 4180 would write, with the line of each record, in parts of any size', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', 'ä', ',', '"', '\n', '\r\n', ';') })
      .map((text) => `x${text}x`);
    const records = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 20 }), async (table, partBytes) => {
        const lines: string[] = [];
        const starts: number[] = [];
        let line = 1;
        for (const record of table) {
          const text = record.map((each) => `"${each.replaceAll('"', '""')}"`).join(',');
          starts.push(line);
          line += text.split('\n').length;
          lines.push(text);
        }
        expect(await linesOf(bytes(lines.join('\n')), { partBytes })).toEqual(
          table.map((cells, index) => ({
            line: starts[index],
            cells: cells.map((cell) => cell.replaceAll('\r\n', '\n')),
          })),
        );
      }),
    );
  });
});
