import type { Columns, Row } from './columns.ts';

/** Something to be heard. */
export interface Sound {
  /** One channel, from −1 to 1. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

/**
 * The sound in a row of what a source or row kind makes: the default export of `sound.ts` beside the kind's `index.ts`.
 * Like a picture, it lies in a module of its own so that it is no part of any key.
 */
export type SoundOfRow = (source: { readonly row: Row; readonly columns: Columns }) => Sound;
