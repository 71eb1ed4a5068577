import type { DrawRow } from '../../runner/kind/index.ts';
import { clipOf } from '../audio/clip.ts';
import { clipPanels } from '../pictures/clip-panels.ts';
import { figure } from '../pictures/figure.ts';
import { preprocessParams } from './params.ts';

/** The clip before and after, on one time axis; what was trimmed away is shaded. */
const draw: DrawRow = ({ row, input, params }) => {
  const clip = clipOf(row);
  const duration = clip.samples.length / clip.sampleRate;
  if (input === undefined) {
    const panels = clipPanels({ name: 'after', clip, start: 0 }, duration, row.id);
    return figure(
      row.id,
      panels.map((panel) => [panel]),
    );
  }
  const original = clipOf(input.row);
  // Counted in samples of the clip as it is brought to its rate and speed, before it is trimmed.
  const secondsPerSample = preprocessParams.parse(params).speed / clip.sampleRate;
  const keptFrom = Number(row.cells.trimStart) * secondsPerSample;
  const keptTo = Number(row.cells.trimEnd) * secondsPerSample;
  const seconds = Math.max(original.samples.length / original.sampleRate, keptFrom + duration);
  const panels = [
    ...clipPanels({ name: 'before', clip: original, start: 0, kept: [keptFrom, keptTo] }, seconds, row.id),
    ...clipPanels({ name: 'after', clip, start: keptFrom }, seconds, row.id),
  ];
  return figure(
    row.id,
    panels.map((panel) => [panel]),
  );
};

export default draw;
