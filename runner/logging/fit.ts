import stringWidth from 'string-width';

/** A part of a line. */
export interface Segment {
  readonly text: string;
  readonly style?: (text: string) => string;
  /** What gives way first where a line is too long: the highest. Parts without stay, cut if need be. */
  readonly yields?: number;
}

/** The columns that a text takes: wide characters take two, marks that combine none. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** Made when it is first needed: most lines fit. */
let graphemes: Intl.Segmenter | undefined;

/** A text cut to `width` columns, the last of them an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  let [kept, columns] = ['', 0];
  for (const { segment } of graphemes.segment(text)) {
    columns += columnsOf(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return width > 0 ? `${kept.trimEnd()}…` : '';
}

/** Joins parts by two spaces into a line of at most `width` columns: first parts give way, then the first one is cut. */
export function fitted(segments: readonly Segment[], width: number): string {
  let parts = [...segments];
  while (widthOf(parts) > width) {
    const yielding = Math.max(...parts.map(({ yields }) => yields ?? 0));
    if (yielding === 0) break;
    parts = parts.filter(({ yields }) => yields !== yielding);
  }
  const [first, ...rest] = parts;
  const room = width - (widthOf(parts) - columnsOf(first.text));
  // Where even that does not do, what stands first is worth most.
  if (room < Math.min(8, columnsOf(first.text))) return styled({ ...first, text: cut(first.text, width) });
  return [{ ...first, text: cut(first.text, room) }, ...rest].map(styled).join('  ');
}

function widthOf(parts: readonly Segment[]): number {
  return parts.reduce((sum, { text }) => sum + columnsOf(text), 0) + 2 * (parts.length - 1);
}

function styled({ text, style }: Segment): string {
  return style === undefined ? text : style(text);
}
