import { StageFailure } from '../../../../runner/kind/index.ts';
import { deriveSeed } from '../../../random/index.ts';
import { requireSpeakers, speakersOf } from '../speakers.ts';
import type { Protocol } from './protocol.ts';
import { speakerFold, speakersNeeded } from './speaker-fold.ts';

/**
 * The actors tested in each of the five folds of Luna-Jiménez et al., "Multimodal Emotion Recognition on RAVDESS
 * Dataset Using Transfer Learning" (Sensors 21, 2021), which later work on RAVDESS compares itself by.
 */
const publishedActors = [
  ['02', '05', '14', '15', '16'],
  ['03', '06', '07', '13', '18'],
  ['10', '11', '12', '19', '20'],
  ['08', '17', '21', '23', '24'],
  ['01', '04', '09', '22'],
];

export const published: Protocol = {
  defaultValidationFraction: 0.2,
  speakerDisjoint: true,
  recordingDisjoint: true,
  notes: [],
  split(clips, { validationFraction, seed }, note) {
    const speakers = speakersOf(clips);
    const names = new Set(speakers.map((speaker) => speaker.name));
    const strangers = [...names].filter((name) => !publishedActors.flat().includes(name));
    if (strangers.length > 0) {
      throw new StageFailure(
        `the published folds know the actors 01 to 24 of RAVDESS, not ${strangers.join(', ')}`,
        {
          place: 'kind',
          hint: 'use `kind: speaker` for this corpus',
        },
      );
    }
    requireSpeakers(speakers, speakersNeeded(validationFraction), 'published');
    const absent = publishedActors.flat().filter((actor) => !names.has(actor));
    if (absent.length > 0) {
      note(
        `Published folds without the actors ${absent.join(', ')}: figures are not comparable with published ones.`,
      );
    }
    return publishedActors
      .map((actors) => new Set(actors.filter((actor) => names.has(actor))))
      .map((tested, index) => ({ name: `published fold ${index + 1}`, index, tested }))
      .filter(({ tested }) => tested.size > 0)
      .map(({ name, index, tested }) => {
        const others = names.size - tested.size;
        if (others < speakersNeeded(validationFraction) - 1) {
          throw new StageFailure(
            `${name} tests ${tested.size} of ${names.size} speakers: too few are left to train on`,
            {
              place: 'kind',
              hint: 'use `kind: speaker`, or add the other actors',
            },
          );
        }
        return speakerFold(name, clips, tested, validationFraction, deriveSeed(seed, 'validation', index));
      });
  },
};
