import type { DrawRow } from '../../runner/kind/index.ts';
import { clipOf } from '../audio/clip.ts';
import { clipPanels } from './clip-panels.ts';
import { figure } from './figure.ts';

/** Draws the clip in a row: its waveform and its spectrogram. */
export const drawClip: DrawRow = ({ row }) => {
  const clip = clipOf(row);
  const seconds = clip.samples.length / clip.sampleRate;
  const panels = clipPanels({ name: 'waveform', clip, start: 0 }, seconds, row.id);
  return figure(
    row.id,
    panels.map((panel) => [panel]),
  );
};
