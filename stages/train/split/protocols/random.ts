import { RandomState, deriveSeed } from '../../../random/index.ts';
import { drawStratified } from '../stratified.ts';
import type { Protocol, Role } from './protocol.ts';

/** Clips at random, stratified by emotion: every speaker stands on both sides. */
export const random: Protocol = {
  defaultValidationFraction: 0,
  speakerDisjoint: false,
  recordingDisjoint: false,
  notes: [
    'Random split: each speaker is heard in training and in test, so the figures are optimistic for new speakers.',
  ],
  split(clips, { testFraction, validationFraction, seed }) {
    const emotions = clips.map((clip) => clip.emotion);
    const { rest, drawn } = drawStratified(emotions, testFraction, new RandomState(seed));
    const roles: Role[] = clips.map(() => 'train');
    for (const position of drawn) roles[position] = 'test';
    if (validationFraction > 0) {
      const ordered = [...rest].sort((a, b) => a - b);
      const validation = drawStratified(
        ordered.map((position) => emotions[position]),
        validationFraction,
        new RandomState(deriveSeed(seed, 'validation')),
      ).drawn;
      for (const place of validation) roles[ordered[place]] = 'validation';
    }
    return [{ name: 'random', roles }];
  },
};
