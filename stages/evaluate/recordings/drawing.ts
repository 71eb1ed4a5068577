import { envelope, fixed, peakLevel } from '../../pictures/envelope.ts';
import { attribute } from '../../pictures/escape.ts';
import { spectrogramPng } from '../../pictures/spectrogram.ts';
import type { Drawing } from '../charts/render.ts';
import { standaloneSvg } from '../charts/standalone.ts';
import { color } from '../theme.ts';
import type { ProcessedSound, Recording, Sound } from './read.ts';

const width = 330;
const left = 6;
const plotWidth = width - 2 * left;
const labelHeight = 16;
const waveHeight = 44;
const spectrogramHeight = 62;
const gap = 4;
const axisHeight = 20;
const spectrogramSize = { columns: 320, bands: 64 };

interface Placed {
  readonly label: string;
  readonly sound: Sound;
  /** Seconds from the start of the time axis. */
  readonly start: number;
}

/**
 * Waveform and log-mel spectrogram of a clip before and after preprocessing on one time axis; what was trimmed away as
 * silence is shaded.
 */
export function recordingDrawing(
  recording: Recording,
  about: { readonly name: string; readonly title: string; readonly clip: string },
): Drawing {
  const { original, processed } = recording;
  const parts: Placed[] = [
    ...(original
      ? [{ label: `before · peak ${peakLevel(original.samples)}`, sound: original, start: 0 }]
      : []),
    ...(processed
      ? [
          {
            label: `after · peak ${peakLevel(processed.samples)}`,
            sound: processed,
            start: original ? processed.keptFrom : 0,
          },
        ]
      : []),
  ];
  const seconds = Math.max(...parts.map((part) => part.start + durationOf(part.sound)));
  const x = (time: number): number => left + (time / seconds) * plotWidth;
  const partHeight = labelHeight + waveHeight + gap + spectrogramHeight + gap;
  const height = parts.length * partHeight + axisHeight;
  const body = parts
    .map((part, index) => {
      const top = index * partHeight;
      const trimmed = index === 0 && original && processed ? shading(processed, seconds, x, top) : '';
      return drawPart(part, x, top, about.clip) + trimmed;
    })
    .join('');
  const inner = body + timeAxis(seconds, x, parts.length * partHeight);
  const description =
    `${about.title}: waveform and spectrogram` +
    (original && processed
      ? ` before and after preprocessing, which kept ${processed.keptFrom.toFixed(2)} to ${processed.keptTo.toFixed(2)} of ${seconds.toFixed(2)} seconds.`
      : `, ${seconds.toFixed(2)} seconds.`);
  const open = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${attribute(description)}">`;
  return {
    name: about.name,
    title: about.title,
    description,
    inline: `${open}${inner}</svg>`,
    standalone: standaloneSvg(inner, { width, height, title: about.title }),
  };
}

function drawPart(
  { label, sound, start }: Placed,
  x: (time: number) => number,
  top: number,
  clip: string,
): string {
  const from = x(start);
  const to = x(start + durationOf(sound));
  const waveTop = top + labelHeight;
  const png = spectrogramPng(sound, clip, spectrogramSize).toString('base64');
  const outline = envelope(sound.samples, { left: from, width: to - from, top: waveTop, height: waveHeight });
  return (
    text(label, left, top + 11, 'start') +
    `<path d="${outline}" fill="${color('accent')}"/>` +
    `<image href="data:image/png;base64,${png}" x="${fixed(from)}" y="${waveTop + waveHeight + gap}" ` +
    `width="${fixed(to - from)}" height="${spectrogramHeight}" preserveAspectRatio="none"/>`
  );
}

/** Covers what was trimmed away. */
function shading(
  { keptFrom, keptTo }: ProcessedSound,
  seconds: number,
  x: (time: number) => number,
  top: number,
): string {
  const y = top + labelHeight;
  const height = waveHeight + gap + spectrogramHeight;
  const cover = (from: number, to: number): string =>
    to - from <= 0
      ? ''
      : `<rect x="${fixed(x(from))}" y="${y}" width="${fixed(x(to) - x(from))}" height="${height}" fill="${color('surface')}" opacity="0.6" ` +
        `data-tip="silence, trimmed away: ${(to - from).toFixed(2)} s"/>`;
  const edge = (time: number): string =>
    `<line x1="${fixed(x(time))}" x2="${fixed(x(time))}" y1="${y}" y2="${y + height}" stroke="${color('text')}" stroke-dasharray="3,2"/>`;
  return cover(0, keptFrom) + cover(keptTo, seconds) + edge(keptFrom) + edge(keptTo);
}

function timeAxis(seconds: number, x: (time: number) => number, top: number): string {
  const step = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60].find((each) => seconds / each <= 6) ?? 120;
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  return ticks
    .map((time, index) => {
      const anchor = index === 0 ? 'start' : time > seconds - step / 4 ? 'end' : 'middle';
      return text(index === 0 ? '0 s' : String(Number(time.toFixed(2))), x(time), top + 12, anchor);
    })
    .join('');
}

function text(content: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${fixed(x)}" y="${y}" text-anchor="${anchor}" font-size="11px" fill="${color('muted')}">${attribute(content)}</text>`;
}

function durationOf({ samples, sampleRate }: Sound): number {
  return samples.length / sampleRate;
}
