import type { Clip } from '../audio/clip.ts';
import { soundScale } from './colour-scale.ts';
import { envelope, fixed, peakLevel, peakOf } from './envelope.ts';
import { type Area, type Axis, colours, type Panel } from './figure.ts';
import { imageSvg } from './image.ts';
import { dynamicRange, heightOfFrequency, spectrogramPng } from './spectrogram.ts';
import { type Tick, ticksBetween } from './ticks.ts';

/** A clip on a time axis. */
export interface PlacedClip {
  readonly name: string;
  readonly clip: Clip;
  /** Where the clip starts, in seconds from the start of the axis. */
  readonly start: number;
  /** What was kept of it, in seconds from the start of the axis: the rest is shaded. */
  readonly kept?: readonly [from: number, to: number];
}

const waveHeight = 110;
const spectrogramHeight = 190;
const spectrogramSize = { columns: 850, bands: 128 };
const kilohertz = [0.5, 1, 2, 4, 8, 16, 32];

/** The waveform and the log-mel spectrogram of a clip; `place` is what errors name. */
export function clipPanels(placed: PlacedClip, seconds: number, place: string): readonly Panel[] {
  const { name, clip, kept } = placed;
  const shade = (area: Area): string => (kept === undefined ? '' : shading(kept, seconds, area));
  const peak = peakOf(clip.samples) || 1;
  const duration = (clip.samples.length / clip.sampleRate).toFixed(2);
  const rate = clip.sampleRate.toLocaleString('en-US');
  return [
    {
      title: `${name}: ${duration} s at ${rate} Hz, peak ${peakLevel(clip.samples)}`,
      height: waveHeight,
      left: {
        label: 'amplitude',
        ticks: ticksBetween(-peak, peak, 3),
      },
      draw: (area) => {
        const outline = envelope(clip.samples, within(placed, seconds, area));
        return `<path d="${outline}" fill="${colours.line}"/>${shade(area)}`;
      },
    },
    {
      title:
        kept === undefined
          ? 'mel spectrogram in dB below its greatest'
          : 'mel spectrogram in dB below its greatest; shaded: cut off as silence',
      height: spectrogramHeight,
      left: { label: 'kHz (mel scale)', ticks: frequencyTicks(clip.sampleRate) },
      bottom: timeAxis(seconds),
      colours: {
        scale: soundScale,
        label: 'dB',
        ticks: ticksBetween(-dynamicRange, 0, 5),
      },
      draw: (area) =>
        imageSvg(spectrogramPng(clip, place, spectrogramSize), within(placed, seconds, area), 'smooth') +
        shade(area),
    },
  ];
}

export function timeAxis(seconds: number): Axis {
  return { label: 'seconds', ticks: ticksBetween(0, seconds, 8) };
}

/** The part of a plot that a clip takes. */
function within({ clip, start }: PlacedClip, seconds: number, area: Area): Area {
  const duration = clip.samples.length / clip.sampleRate;
  return {
    ...area,
    left: area.left + (start / seconds) * area.width,
    width: (duration / seconds) * area.width,
  };
}

function frequencyTicks(sampleRate: number): Tick[] {
  const inside = kilohertz.filter((each) => each * 1000 <= sampleRate / 2);
  return inside.map((each) => ({
    place: heightOfFrequency(each * 1000, sampleRate, spectrogramSize.bands),
    label: String(each),
  }));
}

/** Covers what was cut off, with a line where it was cut. */
function shading([from, to]: readonly [number, number], seconds: number, area: Area): string {
  const x = (time: number): number => area.left + (time / seconds) * area.width;
  const vertical = `y="${area.top}" height="${area.height}"`;
  const cover = (start: number, end: number): string =>
    end <= start
      ? ''
      : `<rect x="${fixed(start)}" width="${fixed(end - start)}" ${vertical} fill="#9aa0ab" opacity="0.55"/>`;
  const edge = (time: number): string =>
    `<line x1="${fixed(x(time))}" x2="${fixed(x(time))}" y1="${area.top}" y2="${area.top + area.height}" ` +
    `stroke="${colours.text}" stroke-dasharray="4,3"/>`;
  const edges = (from > 0 ? edge(from) : '') + (to < seconds ? edge(to) : '');
  return cover(area.left, x(from)) + cover(x(to), area.left + area.width) + edges;
}
