import { deriveSeed } from '../../../random/index.ts';
import { requireSpeakers, speakersOf } from '../speakers.ts';
import type { Protocol } from './protocol.ts';
import { speakerFold, speakersNeeded } from './speaker-fold.ts';

/** As many folds as speakers, each testing one. */
export const leaveOneSpeakerOut: Protocol = {
  defaultValidationFraction: 0.2,
  speakerDisjoint: true,
  recordingDisjoint: true,
  notes: [],
  split(clips, { validationFraction, seed }) {
    const speakers = speakersOf(clips);
    requireSpeakers(speakers, speakersNeeded(validationFraction), 'leave-one-speaker-out');
    return speakers.map(({ name }, index) =>
      speakerFold(
        `speaker ${name}`,
        clips,
        new Set([name]),
        validationFraction,
        deriveSeed(seed, 'validation', index),
      ),
    );
  },
};
