import type { SoundOfRow } from '../../runner/kind/index.ts';
import { clipOf } from './clip.ts';

/** The clip in a row, as it is. */
export const soundOfClip: SoundOfRow = ({ row }) => clipOf(row);
