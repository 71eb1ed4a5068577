import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { indexLine, readRowIndex } from '../../../runner/execute/row-index.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const rows = fc.array(fc.record({ id: fc.string({ unit: 'binary' }), input: digest, content: digest }));

describe('the index of a table of rows', () => {
  it('gives back what was written, whatever the ids; a last line that was cut short is left out', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (written, cut) => {
        const lines = written.map(indexLine);
        writeFileSync(folder.file('index'), lines.join(''));
        expect(readRowIndex(folder.file('index'))).toEqual(written);
        if (lines.length === 0) return;
        const last = Buffer.from(lines.at(-1)!);
        const part = last.subarray(0, cut % last.length);
        writeFileSync(folder.file('index'), Buffer.concat([Buffer.from(lines.slice(0, -1).join('')), part]));
        expect(readRowIndex(folder.file('index'))).toEqual(written.slice(0, -1));
      }),
      { numRuns: 50 },
    );
  });
});
