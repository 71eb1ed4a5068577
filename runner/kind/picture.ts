import type { Columns, Row } from './columns.ts';

/** A picture as pixels: rows from the top, of each pixel red, green, blue and alpha. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `4 * width * height` bytes. */
  readonly rgba: Uint8Array;
}

/** A row to be drawn. */
export interface PictureSource {
  readonly row: Row;
  readonly columns: Columns;
  /** The row of the input that it was made from, where that is still there. */
  readonly input?: { readonly row: Row; readonly columns: Columns };
}

/** Draws a row of what a kind makes, better than lines and heat maps of its numbers can. */
export type DrawRow = (source: PictureSource) => Picture | Promise<Picture>;
