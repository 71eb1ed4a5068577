import { RandomState, deriveSeed } from '../../../random/index.ts';
import { dealSpeakers, requireSpeakers, speakersOf } from '../speakers.ts';
import type { Protocol } from './protocol.ts';
import { speakerFold, speakersNeeded } from './speaker-fold.ts';

/** k folds over the speakers: each speaker is tested once, by a model that never heard him or her. */
export const speaker: Protocol = {
  defaultValidationFraction: 0.2,
  speakerDisjoint: true,
  recordingDisjoint: true,
  notes: [],
  split(clips, { folds, validationFraction, seed }, note) {
    const speakers = speakersOf(clips);
    requireSpeakers(speakers, speakersNeeded(validationFraction), 'speaker');
    const count = Math.min(folds, speakers.length);
    if (count < folds) note(`${folds} folds were asked for; ${speakers.length} speakers allow ${count}.`);
    const dealt = dealSpeakers(speakers, count, new RandomState(seed), validationFraction > 0);
    return dealt.map((tested, index) =>
      speakerFold(
        `speakers ${[...tested].sort().join(', ')}`,
        clips,
        tested,
        validationFraction,
        deriveSeed(seed, 'validation', index),
      ),
    );
  },
};
