import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordingDrawing } from '../../../stages/evaluate/recordings/drawing.ts';
import { readDurations, readRecordings, type Sound } from '../../../stages/evaluate/recordings/read.ts';
import { waveFile } from '../../../stages/evaluate/recordings/wave-file.ts';
import { memoryArtifact } from './memory.ts';
import { audioArtifact, clipsArtifact, tone } from './sounds.ts';

describe('a WAV file for a player', () => {
  it('holds the samples to 16 bits', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const samples = Float32Array.from(values);
        const file = waveFile({ samples, sampleRate: 16_000 });
        expect(file.readUInt32LE(24)).toBe(16_000);
        expect(file.length).toBe(44 + 2 * samples.length);
        samples.forEach((sample, index) => {
          expect(file.readInt16LE(44 + 2 * index) / 32767).toBeCloseTo(sample, 4);
        });
      }),
    );
  });

  it('clips what lies beyond full scale', () => {
    const file = waveFile({ samples: Float32Array.of(2, -2), sampleRate: 8000 });
    expect([file.readInt16LE(44), file.readInt16LE(46)]).toEqual([32767, -32767]);
  });

  it.each([
    [48_000, 24_000],
    [44_100, 22_050],
    [96_000, 24_000],
    [24_000, 24_000],
    [16_000, 16_000],
    [22_050, 22_050],
  ])('brings %d Hz to %d Hz', (from, to) => {
    const file = waveFile(tone(440, 0.5, from));
    expect(file.readUInt32LE(24)).toBe(to);
    expect((file.length - 44) / 2 / to).toBeCloseTo(0.5, 3);
  });
});

describe('the drawing of a recording', () => {
  const original: Sound = tone(440, 2, 16_000);
  const processed = { ...tone(440, 1, 16_000), keptFrom: 0.25, keptTo: 1.25 };
  const about = { name: 'example-1', title: 'happy, speaker <01>', clip: 'a.wav' };

  it('shades what was trimmed away, in proportion', () => {
    const { inline, description } = recordingDrawing({ original, processed }, about);
    const widths = [...inline.matchAll(/width="([\d.]+)" height="\d+" fill="var\(--surface\)"/g)].map(
      ([, width]) => Number(width),
    );
    expect(widths[1] / widths[0]).toBeCloseTo(3, 1);
    expect(inline).toContain('silence, trimmed away: 0.25 s');
    expect(inline).toContain('silence, trimmed away: 0.75 s');
    expect(description).toContain('kept 0.25 to 1.25 of 2.00 seconds');
  });

  it('escapes what it is told', () => {
    const { inline, standalone } = recordingDrawing({ original, processed }, about);
    for (const text of [inline, standalone]) {
      expect(text).not.toContain('<01>');
      expect(text).toContain('&lt;01&gt;');
    }
    expect(standalone).not.toContain('var(');
  });

  it('does with one of the two sounds', () => {
    const before = recordingDrawing({ original, processed: undefined }, about).inline;
    const after = recordingDrawing({ original: undefined, processed }, about).inline;
    expect(before.match(/<image/g)).toHaveLength(1);
    expect(before).not.toContain('trimmed away');
    expect(after.match(/<image/g)).toHaveLength(1);
    expect(after).toContain('after');
  });
});

describe('reading recordings', () => {
  it('keeps the clips that are asked for', async () => {
    const ids = ['a.wav', 'b.wav', 'c.wav'];
    const recordings = await readRecordings(
      { clips: clipsArtifact(ids), audio: audioArtifact(ids) },
      new Set(['b.wav', 'missing.wav']),
    );
    expect([...recordings.keys()]).toEqual(['b.wav', 'missing.wav']);
    expect(recordings.get('b.wav')!.original!.sampleRate).toBe(48_000);
    expect(recordings.get('b.wav')!.processed!.keptFrom).toBeCloseTo(0.1, 6);
    expect(recordings.get('missing.wav')).toEqual({ original: undefined, processed: undefined });
  });

  it('refuses an artifact that holds none', async () => {
    const features = memoryArtifact('mfcc', { tables: { table: { columns: {}, rows: [] } } });
    await expect(readDurations(features)).rejects.toMatchObject({
      name: 'StageFailure',
      place: 'mfcc',
      message: 'it holds no recordings: it needs the columns samples and duration',
    });
  });
});
