import * as vega from 'vega';

/** What Vega's typings leave out: its own way to measure text, which may be replaced. */
interface TextMetrics {
  width: (item: { readonly fontSize?: number }, text: unknown) => number;
}

const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };

/** Mean widths of Inter's and the usual system fonts' characters, in ems. */
const narrow = 0.3;
const ordinary = 0.56;
const wide = 0.68;

/**
 * Lets Vega lay text out by mean character widths. By default it takes 0.8 em a character, which leaves gaps at
 * axes, or measures with a canvas package where one happens to be installed, which would make the layout depend
 * on the machine.
 */
export function measureTextAlike(): void {
  textMetrics.width = (item, text) => {
    const size = item.fontSize ?? 11;
    const characters = typeof text === 'string' || typeof text === 'number' ? Array.from(String(text)) : [];
    return characters.reduce((sum, character) => sum + widthOf(character), 0) * size;
  };
}

function widthOf(character: string): number {
  if (/[ijlt.,:;|!'()[\] -]/.test(character)) return narrow;
  return /[A-Zmw%–0-9]/.test(character) ? wide : ordinary;
}
