/** Text that is HTML already. Made by `html` and `raw` only, so whatever is no `Html` gets escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text and numbers are escaped; lists are joined; null, undefined and false are nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** Builds HTML out of a template literal, escaping whatever is put in. Attribute values must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(
    strings.map((part, index) => part + (index < contents.length ? rendered(contents[index]) : '')).join(''),
  );
}

/** Takes text for HTML as it is: only for text that this program made. */
export function raw(text: string): Html {
  return new Html(text);
}

function rendered(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'string') return escaped(content);
  if (typeof content === 'number') return String(content);
  return content.map(rendered).join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
