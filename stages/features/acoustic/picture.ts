import type { DrawRow } from '../../../runner/kind/index.ts';
import { clipOf } from '../../audio/clip.ts';
import { figure, type Panel } from '../../pictures/figure.ts';
import { type FramePart, framePanel, vectorPanel } from '../../pictures/frame-panels.ts';
import { DescriptorExtractor, descriptorWidth } from './descriptors.ts';
import { acousticParams, type AcousticParams, type DescriptorName } from './params.ts';

/** The descriptors over time, each by itself; of statistics these above, and the frames where the clip is at hand. */
const draw: DrawRow = ({ row, columns, params, input }) => {
  const known = acousticParams.parse(params);
  const features = row.cells.features as Float32Array;
  const widths = known.descriptors.map((name) => descriptorWidth(name, known));
  const width = widths.reduce((sum, each) => sum + each, 0);
  const clip = input === undefined ? undefined : clipOf(input.row);
  const secondsOf = (frames: number): number | undefined =>
    clip === undefined ? undefined : (frames * known.hopLength) / clip.sampleRate;
  const { features: column } = columns;
  const isSequence = column.type === 'sequence' || ('shape' in column && column.shape.length === 2);
  if (isSequence !== (known.output === 'sequence') || features.length % width !== 0) {
    return figure(row.id, [
      [vectorPanel({ name: 'features, made with other params', each: 'number', values: features })],
    ]);
  }
  if (isSequence) {
    const parts = split(features, widths, known);
    return figure(row.id, framePanels(parts, secondsOf(parts[0].frames)));
  }
  const statistics = known.statistics.map((name, index) =>
    vectorPanel({
      name: `${name} of ${known.descriptors.join(', ')}`,
      each: 'number',
      values: features.subarray(index * width, (index + 1) * width),
    }),
  );
  const lines = statistics.map((panel) => [panel]);
  if (clip === undefined) return figure(row.id, lines);
  const extractor = new DescriptorExtractor(known, clip.sampleRate);
  const frames = extractor.frameCount(clip.samples.length);
  const parts = extractor
    .compute(clip.samples, row.id)
    .map((values, index) => ({ ...nameOf(known.descriptors[index]), frames, width: widths[index], values }));
  return figure(row.id, [...lines, ...framePanels(parts, secondsOf(frames))]);
};

function framePanels(parts: readonly FramePart[], seconds: number | undefined): Panel[][] {
  return parts.map((part, index) => [framePanel(part, seconds, index === parts.length - 1)]);
}

/** Takes the descriptors that lie side by side in each frame apart. */
function split(
  joined: Float32Array,
  widths: readonly number[],
  { descriptors }: AcousticParams,
): FramePart[] {
  const whole = widths.reduce((sum, each) => sum + each, 0);
  const frames = joined.length / whole;
  let start = 0;
  return widths.map((width, index) => {
    const first = start;
    start += width;
    const values = Float32Array.from({ length: frames * width }, (_, place) => {
      return joined[Math.floor(place / width) * whole + first + (place % width)];
    });
    return { ...nameOf(descriptors[index]), frames, width, values };
  });
}

function nameOf(name: DescriptorName): { name: string; each: string } {
  switch (name) {
    case 'mel':
      return { name: 'mel spectrogram in dB', each: 'mel band' };
    case 'chroma':
      return { name, each: 'pitch class' };
    case 'contrast':
      return { name: 'spectral contrast in dB', each: 'octave' };
    case 'pitch':
      return { name: 'pitch in Hz', each: '' };
    case 'voiced':
      return { name: 'voiced (1) or not (0)', each: '' };
    case 'voicedProbability':
      return { name: 'probability of voice', each: '' };
    default:
      return { name, each: 'coefficient' };
  }
}

export default draw;
