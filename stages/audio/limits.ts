import { StageFailure } from '../../runner/kind/index.ts';

/** Sample rates of recordings, in Hz: what lies outside is no recording of speech but a broken header. */
export const LOWEST_RATE = 1000;
export const HIGHEST_RATE = 768_000;
/** Samples of a clip: an hour and a half at 48 kHz, 1 GiB. */
const MOST_SAMPLES = 2 ** 28;

/** @throws StageFailure where a clip would have more samples than are worked on, before room is made for them. */
export function requireRoom(samples: number, sampleRate: number, place: string): void {
  if (samples <= MOST_SAMPLES) return;
  const minutes = (count: number): string => (count / sampleRate / 60).toFixed(0);
  throw new StageFailure(
    `too long: ${samples} samples at ${sampleRate} Hz are ${minutes(samples)} minutes, and ${minutes(MOST_SAMPLES)} are the most`,
    { place, hint: 'cut it into single utterances, or lower preprocess.sampleRate' },
  );
}
