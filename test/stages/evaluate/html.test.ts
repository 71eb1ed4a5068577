import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, raw } from '../../../stages/evaluate/html/html.ts';
import { dataTable } from '../../../stages/evaluate/html/table.ts';
import { markdownTable, plain } from '../../../stages/evaluate/markdown/markdown.ts';

describe('html', () => {
  it('escapes text, keeps HTML, joins lists and drops nothing-values', () => {
    // Under another name, so that no formatter touches the white space.
    const template = html;
    const { text } =
      template`<a title="${'"a" & \'b\''}">${'<b>'} ${raw('<i>x</i>')} ${[html`<u>${1}</u>`, 'é']}${null}${false}</a>`;
    expect(text).toBe('<a title="&quot;a&quot; &amp; &#39;b&#39;">&lt;b&gt; <i>x</i> <u>1</u>é</a>');
  });

  it('never lets text become markup', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inner = html`<p>${text}</p>`.text.slice(3, -4);
        expect(inner).not.toMatch(/[<>"']/);
        expect(decoded(inner)).toBe(text);
      }),
    );
  });
});

describe('a table of the page', () => {
  it('names its rows and columns for screen readers and scrolls in its own box', () => {
    const { text } = dataTable(
      'Fruit',
      [
        { head: 'name', header: true, cell: (row: { name: string; count: number }) => row.name },
        { head: 'count', cell: (row) => row.count },
      ],
      [{ name: 'pear', count: 3 }],
    );
    expect(text).toMatch(/<div class="scroll" role="region" aria-label="Fruit" tabindex="0">/);
    expect(text).toMatch(/<th scope="col" class="left">name<\/th>/);
    expect(text).toMatch(/<th scope="row" class="left">pear<\/th>/);
    expect(text).toMatch(/<td class="right">3<\/td>/);
  });
});

describe('Markdown', () => {
  it('takes text as text', () => {
    expect(plain('a|b *c* `d` <e> [f](g)\nh')).toBe('a\\|b \\*c\\* \\`d\\` &lt;e\\> \\[f\\](g) h');
  });

  it('has as many cells in every row, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
        const table = markdownTable(
          [
            { head: 'a', cell: (row: string) => row },
            { head: 'b', cell: (row) => row },
          ],
          cells,
        );
        const lines = table.split('\n');
        expect(lines).toHaveLength(cells.length + 2);
        for (const line of lines) {
          expect(line.replaceAll(/\\[\\|]/g, '').match(/\|/g)).toHaveLength(3);
        }
      }),
    );
  });
});

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
