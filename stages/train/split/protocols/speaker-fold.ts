import { RandomState } from '../../../random/index.ts';
import type { Clip } from '../clips.ts';
import { pickSpeakers, speakerCount, speakersOf } from '../speakers.ts';
import type { SplitFold } from './protocol.ts';

/** A fold that tests the speakers given and validates on others, drawn from the rest. */
export function speakerFold(
  name: string,
  clips: readonly Clip[],
  tested: ReadonlySet<string>,
  validationFraction: number,
  seed: number,
): SplitFold {
  const rest = speakersOf(clips).filter((speaker) => !tested.has(speaker.name));
  const count = speakerCount(validationFraction, rest.length);
  const validating = pickSpeakers(rest, count, new RandomState(seed), false);
  return {
    name,
    roles: clips.map(({ speaker }) =>
      tested.has(speaker) ? 'test' : validating.has(speaker) ? 'validation' : 'train',
    ),
  };
}

/** One speaker to test, one to train on, and one to validate on unless the test part does it. */
export function speakersNeeded(validationFraction: number): number {
  return validationFraction > 0 ? 3 : 2;
}
