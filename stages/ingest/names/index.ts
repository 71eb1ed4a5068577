import { cremaD } from './crema-d.ts';
import { emoDb } from './emo-db.ts';
import type { Naming } from './naming.ts';
import { ravdess } from './ravdess.ts';
import { savee } from './savee.ts';
import { tess } from './tess.ts';

/** The namings by what the param `names` calls them. */
export const namings = {
  ravdess,
  'crema-d': cremaD,
  tess,
  savee,
  'emo-db': emoDb,
} as const satisfies Record<string, Naming>;
