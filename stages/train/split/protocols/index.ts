import { corpus } from './corpus.ts';
import { holdout } from './holdout.ts';
import { leaveOneSpeakerOut } from './leave-one-speaker-out.ts';
import type { Protocol } from './protocol.ts';
import { published } from './published.ts';
import { random } from './random.ts';
import { speaker } from './speaker.ts';
import { statement } from './statement.ts';

/** The protocols by the name that the param `kind` gives them. */
export const protocols = {
  random,
  holdout,
  speaker,
  'leave-one-speaker-out': leaveOneSpeakerOut,
  statement,
  corpus,
  published,
} as const satisfies Record<string, Protocol>;
