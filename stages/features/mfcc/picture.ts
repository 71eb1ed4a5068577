import type { DrawRow } from '../../../runner/kind/index.ts';
import { clipOf } from '../../audio/clip.ts';
import { figure } from '../../pictures/figure.ts';
import { framePanel, vectorPanel } from '../../pictures/frame-panels.ts';
import { mfccFrames, type MfccPart } from './frames.ts';
import { mfccParams } from './params.ts';
import { vectorLength } from './vector.ts';

/** In dB, and dB for each frame: rounding to float32 stays far below. */
const tolerance = 0.01;

/** The vector in its four parts; below, where the clip is at hand, the frames that these are the means of. */
const draw: DrawRow = ({ row, params, input }) => {
  const vector = row.cells.features as Float32Array;
  const known = mfccParams.parse(params);
  if (vector.length !== vectorLength(known)) {
    const whole = vectorPanel({ name: 'features, made with other params', each: 'number', values: vector });
    return figure(row.id, [[whole]]);
  }
  const { coefficients, hopLength } = known;
  const names = ['mean MFCC', 'mean delta', 'mean delta-delta', 'mean mel band in dB'];
  const means = names.map((name, index) => ({
    name,
    each: index === 3 ? 'mel band' : 'coefficient',
    values: vector.subarray(index * coefficients, index === 3 ? undefined : (index + 1) * coefficients),
  }));
  const lines = [means.map(vectorPanel)];
  if (input === undefined) return figure(row.id, lines);
  const clip = clipOf(input.row);
  const parts = mfccFrames(clip, row.id, known);
  // The clip or the params may be others than those that the row was made of.
  if (!parts.every((part, index) => isMeanOf(means[index].values, part))) return figure(row.id, lines);
  const seconds = (parts[0].frames * hopLength) / clip.sampleRate;
  return figure(row.id, [
    ...lines,
    ...parts.map((part, index) => [framePanel(part, seconds, index === parts.length - 1)]),
  ]);
};

function isMeanOf(means: Float32Array, { frames, width, values }: MfccPart): boolean {
  return means.every((mean, index) => {
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) sum += values[frame * width + index];
    return Math.abs(sum / frames - mean) <= tolerance;
  });
}

export default draw;
