import type { NewFileReader } from '../../runner/kind/index.ts';
import { AUDIO_COLUMNS, readAudio } from './read.ts';

/** Reads any wav file, whatever it is called: of the columns of ingest those that its name need not tell. */
export default {
  type: 'reader',
  setup: () => ({ columns: AUDIO_COLUMNS, run: ({ file }) => readAudio(file.path) }),
} satisfies NewFileReader;
