import type { NewFileReader } from '../../runner/kind/index.ts';
import { clipOf } from '../audio/clip.ts';
import { requireSound } from '../audio/silence.ts';
import { AUDIO_COLUMNS, readAudio } from './read.ts';

/** Less than one step of 16 bits: no microphone that is on is so quiet, whatever `preprocess` is told to take. */
const DEAD_DB = -90;

/**
 * Reads any wav file, whatever it is called: of the columns of ingest those that its name need not tell. What is dead
 * throughout is refused here, since not every model has a `preprocess` before it, and each would name an emotion.
 */
export default {
  type: 'reader',
  setup: () => ({
    columns: AUDIO_COLUMNS,
    run({ id, file }) {
      const cells = readAudio(file.path);
      const { channels: count, channelPeak: peak } = cells as Readonly<Record<string, number>>;
      requireSound(clipOf({ id, cells }), { levelDb: DEAD_DB }, { count, peak }, id);
      return cells;
    },
  }),
} satisfies NewFileReader;
