import { StageFailure } from '../../../../runner/kind/index.ts';
import { RandomState, deriveSeed } from '../../../random/index.ts';
import { compareText } from '../clips.ts';
import { drawStratified } from '../stratified.ts';
import type { Protocol, Role } from './protocol.ts';

/** A fold for each statement: tested on it, trained on the others. */
export const statement: Protocol = {
  defaultValidationFraction: 0.2,
  speakerDisjoint: false,
  recordingDisjoint: true,
  notes: [
    'Split by statement: what is said differs between training and test, but each speaker is heard in both, so the figures are optimistic for new speakers.',
  ],
  split(clips, { validationFraction, seed }) {
    const statements = [...new Set(clips.map((clip) => clip.statement))].sort(compareText);
    if (statements.length < 2 || statements.includes('')) {
      throw new StageFailure('the protocol statement needs clips of at least two named statements', {
        place: 'kind',
        hint: 'use another kind of split for this corpus',
      });
    }
    return statements.map((tested, index) => {
      const roles: Role[] = clips.map((clip) => (clip.statement === tested ? 'test' : 'train'));
      if (validationFraction > 0) {
        const rest = [...clips.keys()].filter((position) => roles[position] === 'train');
        const { drawn } = drawStratified(
          rest.map((position) => clips[position].emotion),
          validationFraction,
          new RandomState(deriveSeed(seed, 'validation', index)),
        );
        for (const place of drawn) roles[rest[place]] = 'validation';
      }
      return { name: `statement ${tested}`, roles };
    });
  },
};
