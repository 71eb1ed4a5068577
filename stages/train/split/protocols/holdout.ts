import { RandomState, deriveSeed } from '../../../random/index.ts';
import { pickSpeakers, requireSpeakers, speakerCount, speakersOf } from '../speakers.ts';
import type { Protocol } from './protocol.ts';
import { speakerFold, speakersNeeded } from './speaker-fold.ts';

/** One fold: some speakers tested, some for validation, the others for training. */
export const holdout: Protocol = {
  defaultValidationFraction: 0.2,
  speakerDisjoint: true,
  recordingDisjoint: true,
  notes: [],
  split(clips, { testFraction, validationFraction, seed }) {
    const speakers = speakersOf(clips);
    const needed = speakersNeeded(validationFraction);
    requireSpeakers(speakers, needed, 'holdout');
    // Enough speakers must be left for training and validation.
    const count = Math.min(speakerCount(testFraction, speakers.length), speakers.length - needed + 1);
    const tested = pickSpeakers(speakers, count, new RandomState(seed), validationFraction > 0);
    return [speakerFold('holdout', clips, tested, validationFraction, deriveSeed(seed, 'validation'))];
  },
};
