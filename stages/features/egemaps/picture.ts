import type { DrawRow } from '../../../runner/kind/index.ts';
import { clipOf } from '../../audio/clip.ts';
import type { FrameDescriptors } from '../../audio/egemaps/descriptors.ts';
import { FRAMES_PER_SECOND } from '../../audio/egemaps/frames.ts';
import { figure } from '../../pictures/figure.ts';
import { framePanel, vectorPanel, type FramePart } from '../../pictures/frame-panels.ts';
import { EgemapsExtractor, functionalNames } from './extractor.ts';
import { egemapsParams } from './params.ts';

/** The functionals group by group; below, where the clip is at hand, the contours that the best known are made of. */
const draw: DrawRow = ({ row, params, input }) => {
  const known = egemapsParams.parse(params);
  const features = row.cells.features as Float32Array;
  const names = functionalNames(known);
  if (features.length !== names.length) {
    return figure(row.id, [
      [vectorPanel({ name: 'features, made with other params', each: 'number', values: features })],
    ]);
  }
  const groups = [...new Set(names.map(({ group }) => group))];
  const lines = groups.map((group) => {
    const values = features.filter((_, index) => names[index].group === group);
    return [vectorPanel({ name: group, each: 'functional', values })];
  });
  if (input === undefined) return figure(row.id, lines);
  const { frames } = new EgemapsExtractor(known).extract(clipOf(input.row), row.id);
  const parts = contours(frames);
  const panels = parts.map((part, index) => [
    framePanel(part, part.frames / FRAMES_PER_SECOND, index === parts.length - 1),
  ]);
  return figure(row.id, [...lines, ...panels]);
};

function contours(frames: FrameDescriptors): FramePart[] {
  return [
    contour('loudness', frames.loudness),
    contour('pitch in Hz, 0 where unvoiced', frames.pitch),
    ...frames.formantFrequency.map((values, index) => contour(`formant ${index + 1} in Hz`, values)),
  ];
}

function contour(name: string, values: Float64Array): FramePart {
  return { name, each: '', frames: values.length, width: 1, values: Float32Array.from(values) };
}

export default draw;
