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
  /** The params of the stage as the pipeline has them now, defaults included. */
  readonly params: unknown;
  /** The row of the input that it was made from, where that is still there. */
  readonly input?: { readonly row: Row; readonly columns: Columns };
}

/**
 * Draws a row of what a source or row kind makes, better than curves and heat maps of its numbers can: the default
 * export of `picture.ts` beside the kind's `index.ts`. It lies in a module of its own so that it is no part of any key:
 * however it draws, the rows stay as they are.
 */
export type DrawRow = (source: PictureSource) => Picture | Promise<Picture>;
