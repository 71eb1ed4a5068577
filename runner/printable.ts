/**
 * What a terminal would act on or show in a misleading place: control characters but for tabs and line feeds, marks
 * that turn the direction of writing, separators of lines and paragraphs, halves of surrogate pairs.
 */
const acted = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** The start of a sequence that sets a colour, which the runner itself writes. */
const colour = /\x1b\[[0-9;]*m/y;

/**
 * A text that a terminal or a log shows as it is, whatever names of files, labels or messages of stages are in it. What
 * would be acted on stands as `\u001b`, which in JSON is the same string. Colours pass where there are any.
 */
export function printable(text: string, options: { readonly colours: boolean }): string {
  return text.replace(acted, (character, at: number) => {
    colour.lastIndex = at;
    return options.colours && colour.test(text) ? character : escaped(character);
  });
}

/** A name of a file, a row or a label within a line: not even its tabs and line feeds are left. */
export function printableName(name: string): string {
  return printable(name, { colours: false }).replace(/[\t\n]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
