/**
 * Places in the reports for what differs between two equal runs, such as times: the stage leaves gaps, so that equal
 * inputs give equal bytes, and they are filled where the reports are shown. A gap is a comment in HTML and in Markdown,
 * around what stands there unfilled.
 */
export type GapName =
  /** Of a model: how long it was fitted, as a table's cell. */
  | 'fit-time'
  /** Of a model: the same as a part of a sentence. */
  | 'fitted-in'
  /** How the whole report was made. */
  | 'how';

/** `of`: what it is of, e.g. a model's stage. */
export function gap(name: GapName, of: string, unfilled = ''): string {
  return `<!--${name}:${encodeURIComponent(of)}-->${unfilled}<!--/${name}-->`;
}

/** Fills every gap of a name. Where `content` gives null, what stands there stays. */
export function fillGaps(text: string, name: GapName, content: (of: string) => string | null): string {
  const pattern = new RegExp(`<!--${name}:([^>]*?)-->([^]*?)<!--/${name}-->`, 'g');
  return text.replaceAll(
    pattern,
    (_, of: string, unfilled: string) => content(decodeURIComponent(of)) ?? unfilled,
  );
}
