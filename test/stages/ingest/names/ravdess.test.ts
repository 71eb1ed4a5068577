import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RAVDESS_EMOTIONS } from '../../../../stages/ingest/emotions.ts';
import { ravdess } from '../../../../stages/ingest/names/ravdess.ts';

const two = (value: number): string => String(value).padStart(2, '0');

describe('RAVDESS names', () => {
  it('reads every name of the corpus', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 24 }),
        (emotion, intensity, statement, repetition, actor) => {
          const codes = [3, 1, emotion, intensity, statement, repetition, actor].map(two);
          const parsed = ravdess.parse(`Actor_01/${codes.join('-')}.wav`);
          if (emotion === 1 && intensity === 2) {
            expect(parsed).toEqual({ reason: 'intensity 02 with emotion 01: there is no strong neutral' });
            return;
          }
          expect(parsed).toEqual({
            recording: codes.join('-'),
            labels: {
              emotion: RAVDESS_EMOTIONS[emotion - 1],
              intensity: ['normal', 'strong'][intensity - 1],
              statement: ['kids', 'dogs'][statement - 1],
              repetition,
              speaker: two(actor),
              sex: actor % 2 === 1 ? 'male' : 'female',
            },
          });
        },
      ),
    );
  });

  it.each([
    ['01-01-06-01-02-01-12.wav', 'modality 01 is audio-video, not audio only (03)'],
    ['02-01-06-01-02-01-12.wav', 'modality 02 is video only, not audio only (03)'],
    ['04-01-06-01-02-01-12.wav', 'unknown modality 04: expected 01 to 03'],
    ['03-02-06-01-02-01-12.wav', 'vocal channel 02 is song, not speech (01)'],
    ['03-03-06-01-02-01-12.wav', 'unknown vocal channel 03: expected 01 or 02'],
    ['03-01-09-01-02-01-12.wav', 'unknown emotion 09: expected 01 to 08'],
    ['03-01-00-01-02-01-12.wav', 'unknown emotion 00: expected 01 to 08'],
    ['03-01-06-03-02-01-12.wav', 'unknown intensity 03: expected 01 or 02'],
    ['03-01-06-01-03-01-12.wav', 'unknown statement 03: expected 01 or 02'],
    ['03-01-06-01-02-03-12.wav', 'unknown repetition 03: expected 01 or 02'],
    ['03-01-06-01-02-01-25.wav', 'unknown actor 25: expected 01 to 24'],
    ['03-01-06-01-02-01-00.wav', 'unknown actor 00: expected 01 to 24'],
    [
      '03-01-06-01-02-01.wav',
      'not a RAVDESS name: expected seven two-digit fields, as in 03-01-06-01-02-01-12.wav',
    ],
    ['happy.wav', 'not a RAVDESS name: expected seven two-digit fields, as in 03-01-06-01-02-01-12.wav'],
    ['03-01-06-01-02-01-12.mp4', 'not a .wav file'],
    ['._03-01-06-01-02-01-12.wav', 'a hidden file'],
  ])('%s: %s', (name, reason) => {
    expect(ravdess.parse(name)).toEqual({ reason });
  });

  it('takes the extension in capitals', () => {
    expect(ravdess.parse('03-01-06-01-02-01-12.WAV')).toHaveProperty('labels.emotion', 'fearful');
  });
});
