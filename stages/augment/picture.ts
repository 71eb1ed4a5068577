import type { DrawRow } from '../../runner/kind/index.ts';
import { clipOf, type Clip } from '../audio/clip.ts';
import { clipPanels } from '../pictures/clip-panels.ts';
import { figure } from '../pictures/figure.ts';

/** The clip as it was and as it became. */
const draw: DrawRow = ({ row, input }) => {
  const clip = clipOf(row);
  const original = input === undefined ? [] : [clipOf(input.row)];
  const seconds = Math.max(...[clip, ...original].map(secondsOf));
  const changed = `after ${String(row.cells.changes)}`;
  const panels = [
    ...original.flatMap((before) => clipPanels({ name: 'before', clip: before, start: 0 }, seconds, row.id)),
    ...clipPanels({ name: changed, clip, start: 0 }, seconds, row.id),
  ];
  return figure(
    row.id,
    panels.map((panel) => [panel]),
  );
};

function secondsOf({ samples, sampleRate }: Clip): number {
  return samples.length / sampleRate;
}

export default draw;
